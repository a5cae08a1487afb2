/** The project's own root with one flow in it: the one the reference model knows, under the name and texts of a real one. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PHOTOS, STEPS } from './reference-model';

const PROJECT = join(__dirname, '../..');
export const SLUG = 'trich-luc-ho-tich';
/** How a citizen comes in: by the demo commune's own link. */
export const LINK = `demo--${SLUG}`;

const steps = STEPS.map((step) => {
  const when = 'when' in step ? `, when: "record == '${step.when.record}'"` : '';
  return `  - { id: ${step.id}, kind: choice, choices: [${Object.keys(step.words).join(', ')}]${when} }`;
});
const FLOW = `
id: ${SLUG}
code: "2.000635"
handover: file
agencyFrom: opening.commune
people: { filer: [{ name: record }], applicant: [{ name: record }], subject: [{ name: record }] }
steps:
  - { use: opening, only: [commune] }
  - { id: oldCopy, kind: photo, min: ${PHOTOS}, max: ${PHOTOS} }
${steps.join('\n')}
`;

export function makeModelRoot(): { readonly root: string; remove(): void } {
  const root = mkdtempSync(join(tmpdir(), 'mot-cua-root-'));
  mkdirSync(join(root, 'flows'));
  for (const folder of [
    'locales',
    'assets',
    ...['blocks', 'facts', 'forms', 'phrasings'].map((one) => `flows/${one}`),
  ])
    symlinkSync(join(PROJECT, folder), join(root, folder));
  writeFileSync(join(root, 'flows', `${SLUG}.yaml`), FLOW);
  return { root, remove: () => rmSync(root, { recursive: true, force: true }) };
}
