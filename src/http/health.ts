/** `/healthz`: the process lives. `/readyz`: 503 only while the store cannot be written or the process is stopping; other trouble stands in the body. */
import { Router } from 'express';

export interface Health {
  /** Resolves when a small write is durable. */
  ping(): Promise<void>;
  stopping(): boolean;
  /** Trouble that does not stop service, by name. */
  trouble(): Promise<Readonly<Record<string, string | number>>>;
}

export function healthRouter(health: Health): Router {
  const router = Router();
  router.get('/healthz', (_request, response) => void response.json({ ok: true }));
  router.get('/readyz', async (_request, response) => {
    const writable = await health.ping().then(
      () => true,
      () => false,
    );
    const ready = writable && !health.stopping();
    response.status(ready ? 200 : 503).json({
      ready,
      store: writable,
      stopping: health.stopping(),
      trouble: writable ? await health.trouble() : {},
    });
  });
  return router;
}
