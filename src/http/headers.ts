/** Security headers of every answer: strict CSP (no inline script or style), no framing, no referrer. */
import type { IncomingMessage } from 'node:http';
import helmet from 'helmet';
import type { RequestHandler } from 'express';

/** The chat page shows a photo from the citizen's own machine before it is sent; no other page may. */
const ofChat = ({ url }: IncomingMessage): string => (/^\/(?:$|\?)/.test(url ?? '') ? 'blob:' : 'data:');

/** Spoken notes are heard on an officer's page of a dossier or a talk, and nowhere else. */
const ofDesk = ({ url }: IncomingMessage): string =>
  /^\/desk\/(?:dossiers|people)\/[^/?]+(?:$|\?)/.test(url ?? '') ? "'self'" : "'none'";

/** `secure`: the public address is https, so browsers may be told to stay there. */
export function securityHeaders(secure: boolean): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:', ofChat],
        mediaSrc: [ofDesk],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        formAction: ["'self'"],
        manifestSrc: ["'self'"],
        baseUri: ["'none'"],
        objectSrc: ["'none'"],
        frameAncestors: ["'none'"],
        ...(secure ? { upgradeInsecureRequests: [] } : {}),
      },
    },
    strictTransportSecurity: secure ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    referrerPolicy: { policy: 'no-referrer' },
  });
}

/** Pages and answers with personal data stay out of every cache. */
export const noStore: RequestHandler = (_request, response, next) => {
  response.setHeader('Cache-Control', 'no-store');
  next();
};
