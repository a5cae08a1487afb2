/** Acting on a dossier the way an officer does: fill in the form, read the preview, confirm. */
import type { Browser, Page } from './house';

/** Types into the search box and presses Find; the page of results, or what came instead of a redirect. */
export async function search(who: Browser, find: string): Promise<Page & { readonly path: string }> {
  const posted = await who.post('/desk', { csrf: (await who.get('/desk')).field('csrf'), find });
  const path = posted.headers.get('location') ?? '';
  return { ...(posted.status === 303 ? await who.get(path) : posted), path };
}

/** The act's form on the dossier page, filled in and sent to its preview. */
export async function prepare(
  who: Browser,
  id: string,
  act: string,
  fields: Record<string, string | readonly string[]> = {},
) {
  const page = await who.get(`/desk/dossiers/${id}`);
  const own = {
    csrf: page.field('csrf'),
    part: '1',
    act,
    revision: page.field('revision'),
    seen: page.field('seen'),
  };
  return who.post(`/desk/dossiers/${id}/preview`, { ...own, ...fields });
}

const hiddenOf = (page: Page): Record<string, string[]> => {
  const pairs = [...page.text.matchAll(/<input\s+type="hidden"\s+name="([^"]+)"\s+value="([^"]*)"/g)];
  const form: Record<string, string[]> = {};
  const from = pairs.findIndex(([, name]) => name === 'act');
  pairs.slice(from - 1).forEach(([, name, value]) => (form[name!] ??= []).push(value!));
  for (const name of ['csrf', 'act', 'part', 'revision', 'seen']) form[name] = form[name]!.slice(0, 1);
  return form;
};
/** Presses the button of the preview. */
export const confirm = (who: Browser, id: string, preview: Page) =>
  who.post(`/desk/dossiers/${id}/act`, hiddenOf(preview));
