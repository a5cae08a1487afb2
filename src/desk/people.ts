/** Citizens who asked for a person: the list, the talk, a reply, and handing the talk back to the assistant. */
import { Router } from 'express';
import type { Request, RequestHandler, Response } from 'express';
import { AppError } from '../errors';
import { html } from '../http/html';
import type { Html } from '../http/html';
import type { Attachment, Conversation, TranscriptRow } from '../ports/documents';
import { showTime } from './dates';
import type { DeskDeps } from './deps';
import { sendFile, sendPhoto } from './photos';
import { csrfField, deskPage, hidden, notice, send, textField } from './shell';
import { fieldsOf, paramOf, queryOf, visitOf } from './visit';
import type { T, Visit } from './visit';
import { player } from './voices';

const ROWS = 50;
const BEFORE_ASKING_MS = 10 * 60_000;
const WAITING = 100;
const MAX_REPLY = 1_500;

export function peopleRouter(deps: DeskDeps, checkForm: RequestHandler): Router {
  const router = Router();
  router.get('/people', list(deps));
  router.get('/people/:id', show(deps));
  router.get('/people/:id/voices/:file', open(deps));
  router.get('/people/:id/photos/:file', open(deps));
  router.post('/people/:id/reply', checkForm, reply(deps));
  router.post('/people/:id/release', checkForm, release(deps));
  return router;
}

function list(deps: DeskDeps): RequestHandler {
  return async (_request, response) => {
    const visit = visitOf(response);
    await visit.audit('list-people', null);
    const waiting = await deps.store.conversations.waitingForPerson(visit.agency.id, WAITING);
    send(response, deskPage(visit, visit.t('view.people'), listMain(visit, waiting)));
  };
}

function listMain({ t, now }: Visit, waiting: readonly { id: string; helpAt: number }[]): Html {
  const rows = waiting.map(({ id, helpAt }, index) => {
    const minutes = Math.max(0, Math.floor((now - helpAt) / 60_000));
    return html`<li>
      <a data-row href="/desk/people/${id}">${t('talk.number', { n: index + 1 })}</a>
      <span class="when">${t('talk.since', { time: showTime(helpAt), minutes })}</span>
    </li>`;
  });
  return html`<div class="narrow">
    <h1>${t('view.people')}</h1>
    <p><a href="/desk">${t('dossier.back')}</a></p>
    ${
      rows.length === 0
        ? html`<p class="empty">${t('talk.nobody')}</p>`
        : html`<ol class="waiting">
            ${rows}
          </ol>`
    }
  </div>`;
}

/** A talk that waits for this agency. @throws AppError `not-found` */
async function openTalk(deps: DeskDeps, request: Request, response: Response) {
  const visit = visitOf(response);
  const state = await deps.store.conversations.byId(paramOf(request, 'id'));
  const talk = state?.doc;
  if (talk?.agency !== visit.agency.id || talk.helpAt === null)
    throw new AppError('not-found', 'no such talk at this agency');
  return { visit, talk, helpAt: talk.helpAt };
}

/**
 * An officer reads what was said since the citizen last agreed to file with this agency or asked for a person,
 * whichever came first; who never agreed to file here is read from ten minutes before asking.
 */
async function linesFor(deps: DeskDeps, agency: string, id: string, helpAt: number) {
  const consents = await deps.store.consents.ofConversation(id);
  const agreed = consents
    .filter((consent) => consent.agreed && consent.agency === agency)
    .map(({ at }) => at);
  const from = agreed.length === 0 ? helpAt - BEFORE_ASKING_MS : Math.min(helpAt, Math.max(...agreed));
  const rows = await deps.store.transcripts.last(id, ROWS);
  return rows.filter(({ at }) => at >= from);
}

function show(deps: DeskDeps): RequestHandler {
  return async (request, response) => {
    const { visit, talk, helpAt } = await openTalk(deps, request, response);
    await visit.audit('view-talk', talk.id);
    const rows = await linesFor(deps, visit.agency.id, talk.id, helpAt);
    const files = await filesIn(deps, rows);
    const said = queryOf(request, 'done') !== '' && notice(visit.t('talk.replied'));
    const nonce = deps.universe.randomBytes(12).toString('base64url');
    send(
      response,
      deskPage(visit, visit.t('talk.title'), html`${said} ${talkMain(visit, talk, { rows, files }, nonce)}`),
    );
  };
}

interface Said {
  readonly rows: readonly TranscriptRow[];
  /** Spoken notes and photos in them that are there. */
  readonly files: ReadonlyMap<string, Attachment>;
}

async function filesIn({ store }: DeskDeps, rows: readonly TranscriptRow[]): Promise<Said['files']> {
  const ids = rows.flatMap(({ voice, photos = [] }) => [...photos, ...(voice === undefined ? [] : [voice])]);
  const kept = await Promise.all(ids.map((id) => store.attachments.get(id)));
  return new Map(kept.flatMap((one) => (one?.state === 'ok' ? [[one.id, one] as const] : [])));
}

/** The bytes of a note or photo that stands in the lines this officer may read. */
function open(deps: DeskDeps): RequestHandler {
  return async (request, response) => {
    const { visit, talk, helpAt } = await openTalk(deps, request, response);
    const rows = await linesFor(deps, visit.agency.id, talk.id, helpAt);
    const file = (await filesIn(deps, rows)).get(paramOf(request, 'file'));
    if (file === undefined) throw new AppError('not-found', 'no such file in this talk');
    await visit.audit('view-file', talk.id);
    const bytes = await deps.files.get(file.fileKey);
    if (file.type === 'image/jpeg') sendPhoto(response, bytes);
    else sendFile(response.type(file.type), nameOf(file), bytes);
  };
}

const nameOf = ({ type, name }: Attachment): string => (type === 'application/pdf' ? 'giay-to.pdf' : name);

function talkMain({ t, csrf }: Visit, talk: Conversation, { rows, files }: Said, nonce: string): Html {
  const own = html`${csrfField(csrf)} ${hidden('nonce', nonce)}`;
  return html`<div class="narrow">
    <h1>${t('talk.title')}</h1>
    <p>
      <a href="/desk/people">${t('talk.back')}</a> · ${t('talk.channel', { channel: talk.address.channel })} ·
      ${t(`talk.mode.${talk.mode}`)}
    </p>
    ${silent(t, talk)} ${ownDossiers(talk)}
    <ol class="talk" aria-label="${t('talk.label')}">
      ${rows.toSorted((one, other) => one.seq - other.seq).map((row) => bubble(t, talk, row, files))}
    </ol>
    <form method="post" action="/desk/people/${talk.id}/reply">
      ${own} ${textField({ name: 'text', label: t('talk.reply'), hint: t('talk.replyHint'), required: true })}
      <button class="go">${t('talk.send')}</button>
    </form>
    <form method="post" action="/desk/people/${talk.id}/release" class="release">
      ${own} <button>${t('talk.release')}</button> <span class="hint">${t('talk.releaseHint')}</span>
    </form>
  </div>`;
}

/** What the citizen already sent, by code; opening one is bounded by its agency as ever. */
function ownDossiers({ dossiers }: Conversation): Html | false {
  if (dossiers.length === 0) return false;
  return html`<p>
    ${dossiers.slice(0, 5).map(({ id, code, procedureName }) => html`<a href="/desk/dossiers/${id}"><span class="code">${code}</span></a> ${procedureName} `)}
  </p>`;
}

/** Whoever left or blocked the chat reads nothing that is written here. */
function silent(t: T, { unreachableSince = null }: Conversation): Html | false {
  if (unreachableSince === null) return false;
  const since = t('silent.since', { time: showTime(unreachableSince) });
  return html`<p class="problems" role="alert"><strong>${since}</strong> ${t('silent.talk')}</p>`;
}

function bubble(
  t: T,
  { id, missedWords = [] }: Conversation,
  { seq, side, at, message, voice = '', photos = [] }: TranscriptRow,
  files: Said['files'],
): Html {
  const note = files.get(voice);
  const missed = missedWords.some((one) => one.seq === seq);
  return html`<li class="${side}">
    <span class="when">${t(`talk.side.${side}`)} · ${showTime(at)}</span>
    <p>${message.text}</p>
    ${missed && html`<p><span class="flag">${t('talk.notDelivered')}</span></p>`}
    ${note !== undefined && player(t, note, `/desk/people/${id}/voices/${note.id}`)}
    ${photos.length > 0 && pictures(t, id, photos, files)}
  </li>`;
}

/** Small, each leading to its large one; of what is not there any more, or not yet, words. */
function pictures(t: T, talk: string, photos: readonly string[], files: Said['files']): Html {
  return html`<ul class="strip">
    ${photos.map((id, index) => html`<li>${pictureOf(t, `/desk/people/${talk}/photos/${id}`, index + 1, files.get(id))}</li>`)}
  </ul>`;
}

function pictureOf(t: T, url: string, n: number, photo: Attachment | undefined): Html {
  if (photo === undefined) return html`<span>${t('talk.photoGone', { n })}</span>`;
  if (photo.type !== 'image/jpeg') return html`<a class="button" href="${url}">${t('talk.pdf', { n })}</a>`;
  return html`<a href="${url}"
    ><img src="${url}" alt="${t('talk.photo', { n })}" width="120" height="120" loading="lazy"
  /></a>`;
}

function reply(deps: DeskDeps): RequestHandler {
  return async (request, response) => {
    const { visit, talk } = await openTalk(deps, request, response);
    const fields = fieldsOf(request);
    const text = fields.get('text').slice(0, MAX_REPLY);
    if (text === '') throw new AppError('bad-request', 'empty reply');
    await visit.audit('reply', talk.id);
    const { id, name } = visit.officer;
    const result = await deps.converse.officerSays(talk.id, text, { id, name }, fields.get('nonce'));
    if (result === 'gone') throw new AppError('not-found', 'the talk is gone');
    response.redirect(303, `/desk/people/${talk.id}?done=1`);
  };
}

function release(deps: DeskDeps): RequestHandler {
  return async (request, response) => {
    const { visit, talk } = await openTalk(deps, request, response);
    await visit.audit('release', talk.id);
    await deps.converse.release(talk.id, fieldsOf(request).get('nonce'));
    response.redirect(303, '/desk/people');
  };
}
