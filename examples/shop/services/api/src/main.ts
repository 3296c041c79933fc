import express from 'express';
import { greet } from '@shop/greeting';
import { z } from 'zod';

const Query = z.object({
  name: z.string().min(1).max(40).default('customer'),
  language: z.string().length(2).default('en'),
});

const app = express();

app.get('/health', (_request, response) => {
  response.json({ status: 'ok' });
});

app.get('/', (request, response) => {
  const query = Query.safeParse(request.query);
  if (!query.success) {
    response.status(400).json({ problems: query.error.issues.map((issue) => issue.message) });
    return;
  }
  response.json(greet(query.data.name, query.data.language));
});

const port = Number(process.env['PORT'] ?? 8080);
const server = app.listen(port, () => {
  console.log(`api listens on ${port}`);
});

process.on('SIGTERM', () => {
  server.close(() => process.exit(0));
});
