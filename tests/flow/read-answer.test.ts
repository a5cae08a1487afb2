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
    ['choice card,birth\t2', { ok: true, value: 'birth' }],
    [
      'multi-choice {"choices":["a","b"],"labels":{"a":["Thẻ"],"b":["Ảnh"]}}\tthẻ và ảnh',
      { ok: true, value: ['a', 'b'] },
    ],
    ['multi-choice\t1', { ok: false, problem: 'unreadable' }],
    ['date {"past":true}\tngày mai', expect.objectContaining({ problem: 'out-of-range' }) as object],
    ['date {"past":', { ok: false, problem: 'unreadable' }],
    ['email\thoa@gmail.con', { ok: false, problem: 'confirm', suggest: 'hoa@gmail.com' }],
    ['ethnicity\tngười Kinh ạ', { ok: true, value: 'Kinh' }],
    ['nationality\tViệt Nam', { ok: true, value: 'VN' }],
    ['money\t2tr5', { ok: true, value: 2_500_000 }],
    ['text\tmột\u2028hai\u0085ba\rbốn', { ok: true, value: 'một hai ba bốn' }],
    ['\u0000\tx', { ok: false, problem: 'unreadable' }],
    ['', { ok: false, problem: 'unreadable' }],
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
  expect(answers).toHaveLength(lines.length);
  expect(answers.map((line) => JSON.parse(line) as object)).toEqual(lines.map(([, expected]) => expected));
  expect(stderr).toContain('nickname');
  expect(status).toBe(0);
});
