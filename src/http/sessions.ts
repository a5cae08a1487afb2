/** Cookies that hold a secret: HttpOnly, SameSite=Strict, and under https bound to this host by the `__Host-` prefix. */
import type { Request, Response } from 'express';

export interface SecretCookie {
  /** The cookie's value; null when absent or longer than any value of ours. */
  read(request: Request): string | null;
  set(response: Response, value: string): void;
  clear(response: Response): void;
}

const MAX_VALUE = 200;

/** Value of one cookie of the request, undecoded. Of several with the same name the first counts. */
function readCookie(request: Request, name: string): string | null {
  const pairs = (request.headers.cookie ?? '').split(';');
  const pair = pairs.map((text) => text.trim()).find((text) => text.startsWith(`${name}=`));
  const value = pair?.slice(name.length + 1) ?? '';
  return value === '' || value.length > MAX_VALUE ? null : value;
}

/** `secure`: the public address is https. The cookie lives until the browser closes; the server ends it earlier. */
export function secretCookie(name: string, secure: boolean): SecretCookie {
  const full = secure ? `__Host-${name}` : name;
  const options = { httpOnly: true, sameSite: 'strict', secure, path: '/' } as const;
  return {
    read: (request) => readCookie(request, full),
    set: (response, value) => void response.cookie(full, value, { ...options, encode: String }),
    clear: (response) => void response.clearCookie(full, options),
  };
}
