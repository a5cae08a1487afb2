/** Our own scripts and styles, from memory. Their address carries a hash of their content, so a browser may keep them for a year. */
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { Request, RequestHandler, Response } from 'express';
import { AppError } from '../errors';

export interface Assets {
  /** `/assets/<name>?v=<hash>`. @throws AppError `internal` for a file that is not there. */
  url(name: string): string;
  /** Mount under `/assets`. */
  readonly serve: RequestHandler;
}

interface Asset {
  readonly bytes: Buffer;
  readonly type: string;
  readonly hash: string;
}

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Reads the folder once; other kinds of files are left out. */
export function openAssets(folder: string): Assets {
  const names = readdirSync(folder).filter((name) => extname(name) in TYPES);
  const all = new Map(names.map((name) => [name, readAsset(join(folder, name))]));
  return {
    url(name) {
      const asset = all.get(name);
      if (asset === undefined) throw new AppError('internal', `asset missing: ${name}`);
      return `/assets/${name}?v=${asset.hash}`;
    },
    serve: (request, response, next) => {
      const asset = all.get(request.path.slice(1));
      if (asset === undefined || (request.method !== 'GET' && request.method !== 'HEAD')) next();
      else sendAsset(asset, request, response);
    },
  };
}

function readAsset(path: string): Asset {
  const bytes = readFileSync(path);
  const hash = createHash('sha256').update(bytes).digest('base64url').slice(0, 12);
  return { bytes, hash, type: TYPES[extname(path)] ?? 'application/octet-stream' };
}

/** Only the address with the present hash may be kept; express answers 304 by the ETag. */
function sendAsset({ bytes, type, hash }: Asset, request: Request, response: Response): void {
  const fixed = request.query['v'] === hash;
  response.setHeader('Cache-Control', fixed ? 'public, max-age=31536000, immutable' : 'no-cache');
  response.setHeader('ETag', `"${hash}"`);
  response.setHeader('Content-Type', type);
  response.send(bytes);
}
