import { useEffect, useRef, useState } from 'react';
import type { LayoutRequest, LayoutResponse } from './layout-graph.ts';

/** Returns the positions of the nodes of the newest request; null until they are known. */
export function useLayout(request: Omit<LayoutRequest, 'id'>): LayoutResponse['positions'] | null {
  const worker = useRef<Worker | null>(null);
  const newest = useRef(0);
  const [positions, setPositions] = useState<LayoutResponse['positions'] | null>(null);
  useEffect(() => {
    const created = new Worker(new URL('./layout-worker.ts', import.meta.url), { type: 'module' });
    worker.current = created;
    created.addEventListener('message', ({ data }: MessageEvent<LayoutResponse>) => {
      if (data.id === newest.current) setPositions(data.positions);
    });
    return () => created.terminate();
  }, []);
  useEffect(() => {
    newest.current += 1;
    worker.current?.postMessage({ ...request, id: newest.current });
  }, [request]);
  return positions;
}
