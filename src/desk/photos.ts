/** Photos of papers at the desk: small beside their answer, large on a page of their own, all of them as one file. */
import { Router } from 'express';
import type { RequestHandler, Response } from 'express';
import { photosOf } from '../app/dossier/photos-of';
import { AppError } from '../errors';
import { html } from '../http/html';
import type { Html } from '../http/html';
import type { Attachment, Dossier } from '../ports/documents';
import type { StoredFile } from '../ports/files';
import type { DeskDeps } from './deps';
import { deskPage, send } from './shell';
import { ownAttachment } from './upload';
import { paramOf, visitOf } from './visit';
import type { T, Visit } from './visit';

/** A photo where it stands in the dossier. */
export interface Shown {
  readonly id: string;
  /** What it is a photo of: the label of its answer. */
  readonly label: string;
  /** Its number within the answer, from 1. */
  readonly n: number;
  readonly pdf: boolean;
  readonly pages: number;
  readonly flags: readonly string[];
}

/** The photos of one answer. */
export function photosOfAnswer({ label, value }: Dossier['answers'][number]): readonly Shown[] {
  return photosOf(value).map(({ id, sort, pages, flags }, index) => {
    return { id, label, n: index + 1, pdf: sort === 'pdf', pages, flags };
  });
}

/** What came for an officer's own request. What it is stands with the attachment. */
export function photosOfReply(
  { text, photos = [] }: Dossier['extra'][number],
  kept: ReadonlyMap<string, Attachment>,
): readonly Shown[] {
  return photos.map((id, index) => {
    const { type, pages = 1, flags = [] } = kept.get(id) ?? { type: 'image/jpeg' };
    return { id, label: text, n: index + 1, pdf: type === 'application/pdf', pages, flags };
  });
}

/** All of a dossier, in the order of the form. */
function allPhotos(dossier: Dossier, kept: ReadonlyMap<string, Attachment>): readonly Shown[] {
  return [
    ...dossier.answers.flatMap(photosOfAnswer),
    ...dossier.extra.flatMap((reply) => photosOfReply(reply, kept)),
  ];
}

/** A row of small pictures, each leading to its large one. A lost photo has words only. */
export function photoStrip(t: T, dossier: Dossier, photos: readonly Shown[]): Html | false {
  if (photos.length === 0) return false;
  return html`<ul class="strip">
    ${photos.map((photo) => html`<li>${smallOf(t, dossier, photo)}${flagsOf(t, photo)}</li>`)}
  </ul>`;
}

function smallOf(t: T, dossier: Dossier, photo: Shown): Html {
  const name = nameOf(t, photo);
  if (photo.flags.includes('lost')) return html`<span>${name}</span>`;
  if (photo.pdf) return html`<a class="button" href="/desk/attachments/${photo.id}">${name}</a>`;
  return html`<a href="/desk/dossiers/${dossier.id}/photos#p-${photo.id}"
    ><img src="/desk/photos/${photo.id}" alt="${name}" width="120" height="120" loading="lazy"
  /></a>`;
}

const nameOf = (t: T, { label, n, pdf, pages }: Shown): string =>
  t(pdf ? 'photos.pdfName' : 'photos.name', { label, n, pages });

const flagsOf = (t: T, { flags }: Shown): readonly Html[] =>
  flags.map((flag) => html`<span class="flag">${t(`photos.flag.${flag}`)}</span>`);

/** The page with all photos large, each to be turned and enlarged. */
function photosPage(t: T, dossier: Dossier, photos: readonly Shown[]): Html {
  return html`<div class="wide">
    <h1>${t('photos.title')} <span class="code">${dossier.code}</span></h1>
    <p class="moves">
      <a href="/desk/dossiers/${dossier.id}">${t('photos.back')}</a>
      <a class="button" href="/desk/dossiers/${dossier.id}/photos.pdf">${t('photos.asPdf')}</a>
      <a class="button" href="/desk/dossiers/${dossier.id}/photos.zip">${t('photos.asZip')}</a>
    </p>
    ${photos.length === 0 && html`<p class="empty">${t('photos.none')}</p>`}
    <div class="photos">${photos.map((photo) => largeOf(t, photo))}</div>
  </div>`;
}

function largeOf(t: T, photo: Shown): Html {
  const name = nameOf(t, photo);
  const shown = photo.pdf
    ? html`<p><a class="button" href="/desk/attachments/${photo.id}">${t('photos.openPdf')}</a></p>`
    : html`<p class="tools" hidden>
          ${(['left', 'right', 'closer', 'farther', 'whole'] as const).map((tool) => html`<button type="button" data-tool="${tool}">${t(`photos.${tool}`)}</button>`)}
        </p>
        <div class="stage" tabindex="0" role="group" aria-label="${t('photos.stage', { name })}">
          <img src="/desk/photos/${photo.id}" alt="${name}" />
        </div>`;
  return html`<section class="photo" id="p-${photo.id}" data-photo>
    <h2>${name}</h2>
    ${flagsOf(t, photo)} ${!photo.flags.includes('lost') && shown}
  </section>`;
}

export function photoRouter(deps: DeskDeps): Router {
  const router = Router();
  router.get('/photos/:id', showPhoto(deps));
  router.get('/dossiers/:id/photos', showAll(deps));
  router.get('/dossiers/:id/photos.pdf', bundle(deps, 'pdf'));
  router.get('/dossiers/:id/photos.zip', bundle(deps, 'zip'));
  return router;
}

/** Shown inside our pages: only what we encoded ourselves, and never as anything but a picture. */
function showPhoto(deps: DeskDeps): RequestHandler {
  return async (request, response) => {
    const visit = visitOf(response);
    const attachment = await ownAttachment(deps, visit, paramOf(request, 'id'));
    if (attachment.type !== 'image/jpeg' || attachment.pages === undefined)
      throw new AppError('not-found', 'no photo of ours');
    await visit.audit('view-file', attachment.owner);
    sendPhoto(response, await deps.files.get(attachment.fileKey));
  };
}

/** A clean photo of ours, shown in its page. */
export function sendPhoto(response: Response, bytes: Buffer): void {
  response.setHeader('Content-Security-Policy', "default-src 'none'; sandbox");
  response.type('image/jpeg').send(bytes);
}

interface Own {
  readonly dossier: Dossier;
  readonly kept: ReadonlyMap<string, Attachment>;
}

/** @throws AppError `not-found` */
export async function ownDossier(deps: DeskDeps, visit: Visit, id: string): Promise<Own> {
  const state = await deps.store.dossiers.byId(id);
  if (state?.doc.parts.some((part) => part.agency === visit.agency.id) !== true)
    throw new AppError('not-found', 'no such dossier at this agency');
  return { dossier: state.doc, kept: await attachmentsOf(deps, state.doc) };
}

export async function attachmentsOf(
  deps: DeskDeps,
  { id }: Dossier,
): Promise<ReadonlyMap<string, Attachment>> {
  return new Map((await deps.store.attachments.ofOwner(id)).map((one) => [one.id, one]));
}

function showAll(deps: DeskDeps): RequestHandler {
  return async (request, response) => {
    const visit = visitOf(response);
    const { dossier, kept } = await ownDossier(deps, visit, paramOf(request, 'id'));
    await visit.audit('view-dossier', dossier.id);
    send(
      response,
      deskPage(visit, visit.t('photos.title'), photosPage(visit.t, dossier, allPhotos(dossier, kept))),
    );
  };
}

function bundle(deps: DeskDeps, sort: 'pdf' | 'zip'): RequestHandler {
  return async (request, response) => {
    const visit = visitOf(response);
    const { dossier, kept } = await ownDossier(deps, visit, paramOf(request, 'id'));
    const files = await filesOf(deps, visit.t, allPhotos(dossier, kept), kept);
    if (files.length === 0) throw new AppError('not-found', 'no photos in this dossier');
    await visit.audit('view-file', dossier.id);
    sendFile(response, `${dossier.code}.${sort}`, await deps.photoBundle[sort](files, dossier.code));
  };
}

/** Those that are there, named after what they show. */
async function filesOf(
  deps: DeskDeps,
  t: T,
  photos: readonly Shown[],
  kept: ReadonlyMap<string, Attachment>,
): Promise<readonly StoredFile[]> {
  const there = photos.flatMap((photo) => {
    const attachment = kept.get(photo.id);
    return attachment === undefined ? [] : [{ photo, attachment }];
  });
  return Promise.all(
    there.map(async ({ photo, attachment: { type, fileKey } }) => {
      const name = nameOf(t, photo)
        .replace(/[\\/:*?"<>|\p{Cc}]/gu, ' ')
        .slice(0, 80)
        .trim();
      const ending = type === 'application/pdf' ? 'pdf' : 'jpg';
      return { name: `${name}.${ending}`, type, bytes: await deps.files.get(fileKey) };
    }),
  );
}

export function sendFile(response: Response, name: string, bytes: Buffer): void {
  response.setHeader('Content-Security-Policy', "default-src 'none'; sandbox");
  response.attachment(name).send(bytes);
}
