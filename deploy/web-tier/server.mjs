// A web tier as small as it can be: upload, show, and tell what happens.
//
//   DATABASE_URL=file:app.db UPLOADS=uploads REDIS_URL=redis://localhost:6379 \
//   PORT=4000 node server.mjs
import fs from 'node:fs/promises';
import path from 'node:path';
import { eq } from 'drizzle-orm';
import express from 'express';
import { db, imageMetadata, images, imageVariants } from './database.mjs';
import { imageQueue } from './image_queue.mjs';
import { WorkerEventSubscriber } from './worker_events.mjs';

const uploads = process.env.UPLOADS || 'uploads';
const app = express();
const events = new WorkerEventSubscriber();
await events.subscribe();
await fs.mkdir(uploads, { recursive: true });

app.post('/images', express.raw({ type: () => true, limit: '50mb' }), async (request, response) => {
  const filePath = `/${crypto.randomUUID()}${path.extname(String(request.query.name || '.jpg'))}`;
  await fs.writeFile(path.join(uploads, filePath), request.body);
  const [image] = await db.insert(images).values({ filePath, updatedAt: new Date() }).returning();
  const data = { imageId: image.id, filePath };
  await imageQueue.add('generate-metadata', data);
  await imageQueue.add('generate-variants', data);
  response.status(201).json(image);
});

app.get('/images/:id', async (request, response) => {
  const [image] = await db.select().from(images).where(eq(images.id, request.params.id));
  if (!image) return response.status(404).json({ error: 'there is no such image' });
  const [metadata] = await db.select().from(imageMetadata).where(eq(imageMetadata.imageId, image.id));
  const variants = await db.select().from(imageVariants).where(eq(imageVariants.imageId, image.id));
  response.json({ ...image, metadata: metadata ?? null, variants });
});

app.get('/events', (request, response) => {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' }).flushHeaders();
  const send = event => response.write(`event: worker-event\ndata: ${JSON.stringify(event)}\n\n`);
  events.on('event', send);
  request.on('close', () => events.off('event', send));
});

app.use('/files', express.static(uploads));

const server = app.listen(Number(process.env.PORT || 4000), '127.0.0.1', () => console.log(`web tier at http://127.0.0.1:${server.address().port}`));
process.on('SIGTERM', () => process.exit(0));
