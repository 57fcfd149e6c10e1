// Lays the graph out beside the page, which stays responsive.
import { layoutGraph, type LayoutRequest } from './layout-graph.ts';

addEventListener('message', ({ data }: MessageEvent<LayoutRequest>) => {
  postMessage(layoutGraph(data));
});
