/** The lint of form files says what is wrong with them, and where. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { flowFiles } from '../../src/app/load-flows';
import { loadFactsDir } from '../../src/catalogue/facts';
import { readForm } from '../../src/documents/forms/form';
import { lintForms } from '../../src/documents/forms/lint-forms';
import { KINDS } from '../../src/flow/kinds';
import { readFlow } from '../../src/flow/load/load';
import { formatProblem } from '../../src/flow/load/problem';
import { factTypes } from '../../src/house/library';

const root = join(__dirname, '../..');
const { flows, blocks } = flowFiles(root);
const types = factTypes(loadFactsDir(join(root, 'flows/facts')), '2026-11-22');
const [flow] = flows
  .filter(({ file }) => file.endsWith('/trich-luc-ho-tich.yaml'))
  .map((file) => readFlow({ ...file, blocks, registry: KINDS, factTypes: types, labels: [] }).flow!);
const good = readFileSync(join(root, 'flows/forms/trich-luc-ho-tich.yaml'), 'utf8');

const lint = (text: string): readonly string[] =>
  lintForms([readForm('f.yaml', text)], [flow!]).map(formatProblem);

it('has nothing to say of the form as it is', () => expect(lint(good)).toEqual([]));

it.each([
  [
    'a cell nobody fills',
    '{copies} bản',
    '{copis} bản',
    /cell \{copis\} is not in cells \(did you mean "copies"\?\)/,
  ],
  ['a cell nobody prints', '{signer}', 'Ký tên', /cells\.signer: cell signer is not in the body/],
  [
    'a step that is not there',
    'registered.at: registeredAt',
    'registered.at: registeredAd',
    /no step registeredAd \(did you mean "registeredAt"\?\)/,
  ],
  ['a required answer without a place', /\n {2}delivery: .*/, '', /the answer delivery has no place/],
  ['an excuse for nothing', 'notOnForm:', 'notOnForm:\n  nothing: không có bước này', /no step nothing/],
  ['an excuse for what is there', 'notOnForm:', 'notOnForm:\n  copies: ghi rồi', /copies has a cell/],
  [
    'a key it does not know',
    'verifiedOn:',
    'verifedOn:',
    /unknown key "verifedOn" \(did you mean "verifiedOn"\?\)/,
  ],
  [
    'a choice without words',
    '      sibling: Anh, chị, em ruột\n',
    '',
    /cells\.relation: no words for the choice sibling/,
  ],
  [
    'words for no choice',
    '      sibling:',
    '      siblings: Em\n      sibling:',
    /no choice siblings \(did you mean "sibling"\?\)/,
  ],
  ['another procedure', 'procedure: trich-luc-ho-tich', 'procedure: trich-luc', /no flow trich-luc /],
  ['broken YAML', 'cells:', 'cells: [', /f\.yaml:\d+ -: /],
])('says: %s', (_, from, to, problem) => {
  const text = good.replace(from, to);
  expect(text).not.toBe(good);
  expect(lint(text).join('\n')).toMatch(problem);
});
