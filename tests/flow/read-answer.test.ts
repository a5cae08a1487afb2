/** The command as people run it: one JSON line for every line, in order. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

test('reads kinds and answers from lines', () => {
  const lines: readonly [string, object][] = [
    ['person-name\ttên cháu là nguyễn văn an ạ', { ok: true, value: 'Nguyễn Văn An' }],
    ['date\thôm qua', { ok: true, value: '2026-11-21' }],
    ['date\t5/3/12', { ok: false, problem: 'ambiguous', choices: ['2012-03-05', '1912-03-05'] }],
    ['date\thai lăm tháng chạp', { ok: false, problem: 'confirm', suggest: '2026-02-12' }],
    ['commune\tthử', { ok: true, value: expect.objectContaining({ name: 'Phường Mẫu' }) as object }],
    ['consent\tđồng ý', { ok: true, value: expect.objectContaining({ agreed: true }) as object }],
    ['choice\t1', { ok: false, problem: 'unreadable' }],
    ['nickname\tx', { ok: false, problem: 'unreadable' }],
    ['yes-no', { ok: false, problem: 'empty' }],
  ];
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [join(__dirname, '../../dist/scripts/read-answer.js')],
    {
      input: lines.map(([line]) => line).join('\n'),
      encoding: 'utf8',
      env: { ...process.env, READ_ANSWER_TODAY: '2026-11-22' },
    },
  );
  const answers = stdout.trim().split('\n');
  expect(answers.map((line) => JSON.parse(line) as object)).toEqual(lines.map(([, expected]) => expected));
  expect(stderr).toContain('nickname');
  expect(status).toBe(0);
});
