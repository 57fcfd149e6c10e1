// Serves the dashboard with hot reload, and passes API requests on to a running system (`npm start`).
//
//   npm run dev -w @dispatcher/dashboard
//   DISPATCHER_URL=http://127.0.0.1:3000 npm run dev -w @dispatcher/dashboard
import react from '@vitejs/plugin-react';
import { createServer } from 'vite';
import { viteOptions } from './vite-options.ts';

const target = process.env['DISPATCHER_URL'] ?? 'http://127.0.0.1:3000';
const server = await createServer({
  ...viteOptions,
  logLevel: 'info',
  plugins: [react(), ...(viteOptions.plugins ?? [])],
  server: {
    host: '127.0.0.1',
    proxy: {
      // The page /api/docs belongs to the dashboard.
      '^/api/(?!docs)': { target },
      '/auth': { target },
      '/health': { target },
    },
  },
});
await server.listen();
server.printUrls();
