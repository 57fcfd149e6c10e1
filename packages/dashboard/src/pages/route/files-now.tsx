import { useQuery } from '@tanstack/react-query';
import { api, read, type Schemas } from '../../api/client.ts';
import { Section } from '../../components/page.tsx';
import { CodeLabel } from '../../components/route-name.tsx';
import { Pending } from '../../components/states.tsx';
import { Time } from '../../components/time.tsx';
import facts from '../../components/facts.module.css';
import { repositoryOfSource } from '../../words/route-labels.ts';
import { sentenceOfFiles } from './sentence-of-files.ts';

/** What the files of both sides say now, which may differ from the newest decision. Nothing for a route of an API key. */
export function FilesNow({ routeId, route }: { readonly routeId: string; readonly route: Schemas['Route'] }) {
  const source = repositoryOfSource(route.source);
  const [owner = '', name = ''] = source?.split('/') ?? [];
  const { data, isLoading } = useQuery({
    queryKey: ['consent', owner, name],
    enabled: source !== null,
    queryFn: ({ signal }) =>
      read(api.GET('/api/repositories/{owner}/{name}/graph', { params: { path: { owner, name } }, signal })),
    retry: false,
    refetchInterval: 60_000,
  });
  if (isLoading) return <Pending />;
  if (data === undefined) return null;
  const edge = data.outbound.find((each) => each.routeId === routeId) ?? null;
  return (
    <Section title="What the files say now" aside={<Time value={data.observedAt} align="end" />}>
      <p className={facts.line}>
        {sentenceOfFiles(data, edge)}
        {edge === null || edge.code === null ? null : <CodeLabel code={edge.code} />}
      </p>
    </Section>
  );
}
