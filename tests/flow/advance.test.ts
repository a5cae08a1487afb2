import { AppError } from '../../src/errors';
import { LIMITS } from '../../src/flow/types';
import type { Flow } from '../../src/flow/types';
import { citizen, context, load, SMALL } from './small-flow';
import type { Citizen } from './small-flow';

const flow = load(SMALL);
const UNTIL_COPIES = ['Phường Tây Hồ', 'đồng ý', '1', 'Nguyễn Văn An', '3/2/1960'];

function at(said: readonly string[], of: Flow = flow): Citizen {
  const me = citizen(of);
  me.does('start');
  me.all(...said);
  return me;
}
const inReview = (): Citizen => at([...UNTIL_COPIES, '2', 'bỏ qua']);
const value = (me: Citizen, step: string): unknown => me.session.answers[step]?.value;

it('asks one question at a time, notes first, and reads names and dates back with the next question', () => {
  const me = citizen(flow);
  expect(me.does('start')).toEqual(['flow.progress(n=1 total=7)\nsmall.place.ask']);
  expect(me.says('Phường Tây Hồ')).toEqual([
    'small.agree.note',
    'flow.progress(n=2 total=7)\nsmall.agree.ask\n[agree:agreed agree:refused]',
  ]);
  me.says('đồng ý');
  me.says('làm giúp người khác');
  expect(value(me, 'forWhom')).toBe('other');
  expect(me.says('Nguyễn Văn An')).toEqual([
    'flow.echo(value=Nguyễn Văn An)\nflow.progress(n=5 total=8)\nsmall.applicant.birth.ask',
  ]);
});

it('gives the consent to the app, with the agency it names', () => {
  const me = at(['Phường Tây Hồ', 'đồng ý']);
  expect(me.effects).toContainEqual({ type: 'consent', step: 'agree', agency: 'tay-ho', agreed: true });
});

describe('an answer that is not understood', () => {
  it('is met with the problem, then with another wording and the hint, then with a person; the same is never said twice running', () => {
    const me = at(UNTIL_COPIES);
    const replies = ['abc', 'abc', 'abc', 'abc', 'abc'].map((text) => {
      const said = me.says(text).join('|');
      return { said, person: me.effects.filter(({ type }) => type === 'person') };
    });
    expect(replies.map(({ said }) => said)).toEqual([
      'small.copies.error.unreadable\nsmall.copies.ask',
      'small.copies.error.unreadable.2\nsmall.copies.hint|small.copies.ask',
      'flow.stuck\nsmall.copies.ask\n[/person]',
      'flow.stuck.2\nsmall.copies.ask\n[/person]',
      'flow.stuck.3\nsmall.copies.example\nsmall.copies.ask\n[/person]',
    ]);
    expect(replies.map(({ person }) => person.length)).toEqual([0, 0, 1, 0, 0]);
    expect(value(me, 'applicant.name')).toBe('Nguyễn Văn An');
    me.says('3');
    expect([value(me, 'copies'), me.session.misses]).toEqual([3, 0]);
  });

  it('falls back from the step to its kind to anybody', () => {
    const me = at(UNTIL_COPIES);
    me.says('99');
    const said = me.effects[0];
    const line = said?.type === 'say' ? said.message.lines[0] : null;
    expect(line).toMatchObject({
      key: [
        'small.copies.error.out-of-range',
        'kinds.error.integer.out-of-range',
        'kinds.error.any.out-of-range',
      ],
      params: { min: 1, max: 20 },
    });
  });

  it('is too long beyond the bound, whatever the kind', () => {
    const me = at([...UNTIL_COPIES, '2']);
    expect(me.says('a'.repeat(LIMITS.typed + 1))[0]).toContain('small.remark.error.too-long');
  });
});

it('takes a reading that waits by yes, drops it by no, and lets a new answer replace it', () => {
  const lunar = [...UNTIL_COPIES.slice(0, 4), '5/3/1960 âm lịch'];
  const start = at(UNTIL_COPIES.slice(0, 4));
  const buttons = '[applicant.birth:-yes applicant.birth:-no]';
  expect(start.says('5/3/1960 âm lịch')[0]).toMatch(
    /^small\.applicant\.birth\.error\.confirm\(value=.*1960\)/,
  );
  expect(start.says('5/3/1960 âm lịch')[0]).toContain(`error.confirm.2(value=31/03/1960)\n${buttons}`);
  expect(start.says('dạ phải')).toEqual(['flow.progress(n=6 total=7)\nsmall.copies.ask']);
  expect(value(start, 'applicant.birth')).toBe('1960-03-31');

  const denied = at([...lunar, 'không phải']);
  expect([value(denied, 'applicant.birth'), denied.session.pending]).toEqual([undefined, null]);
  expect(value(at([...lunar, '6/4/1961']), 'applicant.birth')).toBe('1961-04-06');
  const tapped = at(lunar);
  tapped.taps('applicant.birth', '-yes');
  expect(value(tapped, 'applicant.birth')).toBe('1960-03-31');
});

it('offers the readings of an ambiguous answer, to pick by number, by words or by button', () => {
  for (const pick of ['2', 'xã hòa bình 00004, hà nội', '00004']) {
    const me = at([]);
    expect(me.says('Hòa Bình')[0]).toContain('[place:00003 place:00004]');
    if (pick === '00004') me.taps('place', pick);
    else me.says(pick);
    expect(value(me, 'place')).toMatchObject({ code: '00004' });
  }
});

it('asks again for an answer that breaks a rule, and stores nothing of it', () => {
  const me = at(UNTIL_COPIES.slice(0, 4));
  expect(me.says('1/1/2030')).toEqual(['small.applicant.birth.error.future\nsmall.applicant.birth.ask']);
  expect(me.says('1/1/2031')[0]).toContain('small.applicant.birth.error.future.2');
  expect(value(me, 'applicant.birth')).toBeUndefined();
});

it('asks once about an odd answer and flags it when it is kept', () => {
  const me = at(UNTIL_COPIES);
  expect(me.says('15')).toEqual([
    'flow.warn.read(value=15)\nsmall.copies.warn.many\n[copies:-yes copies:-no]',
  ]);
  expect(value(me, 'copies')).toBeUndefined();
  me.says('không');
  expect(me.session.pending).toBeNull();
  me.says('16');
  me.says('vẫn giữ vậy');
  expect(me.session.answers['copies']).toMatchObject({ value: 16, flags: ['many'] });
  me.all('bỏ qua', 'gửi');
  const sent = me.effects.find(({ type }) => type === 'send');
  expect(sent?.type === 'send' && sent.lines.find(({ step }) => step === 'copies')?.answer.flags).toEqual([
    'many',
  ]);
});

describe('taps', () => {
  it('an old button edits its answer, keeps the later ones, and can be undone', () => {
    const me = at([...UNTIL_COPIES, '2']);
    expect(me.taps('forWhom', 'other')).toEqual([
      'flow.edit.changed(label=small.forWhom.label from=small.forWhom.choice.self to=small.forWhom.choice.other)\n[/undo]',
      'flow.progress(n=6 total=8)\nsmall.subject.name.ask',
    ]);
    expect(value(me, 'copies')).toBe(2);
    expect(me.does('undo')[0]).toContain('flow.undo.to(');
    expect(value(me, 'forWhom')).toBe('self');
    expect(me.does('undo')[0]).toContain('flow.undo.late');
  });

  it('a button of a step that no longer applies says so and asks the present question', () => {
    const me = at([...UNTIL_COPIES.slice(0, 2), '2', ...UNTIL_COPIES.slice(3), 'Lê Thị Hoa']);
    me.taps('forWhom', 'self');
    expect(me.does('edit', 'subject.name')[0]).toBe(
      'flow.notNow\nflow.progress(n=6 total=7)\nsmall.copies.ask',
    );
    expect(me.taps('subject.name', 'x')[0]).toContain('flow.notNow');
    expect(me.taps('no.such.step', 'x')[0]).toContain('flow.notNow');
    expect(me.taps('__proto__', 'constructor')[0]).toContain('flow.notNow');
  });

  it('a button whose meaning is gone asks again', () => {
    const me = at([]);
    me.says('Hòa Bình');
    me.says('Phường Tây Hồ');
    expect(me.taps('place', '00003')[0]).toContain('flow.edit.now');
    expect(me.taps('agree', '-yes')[0]).toContain('flow.stale');
  });

  it('the same answer again changes nothing and says so', () => {
    const me = at(UNTIL_COPIES);
    expect(me.taps('forWhom', 'self')[0]).toContain('flow.edit.same');
    expect(me.session.pending).toBeNull();
  });
});

describe('going back', () => {
  it('goes to the question before, shows its answer, and keeps it on request', () => {
    const me = at(UNTIL_COPIES);
    expect(me.does('back')).toEqual([
      'flow.edit.now(value=03/02/1960)\nsmall.applicant.birth.ask\n[applicant.birth:-keep]',
    ]);
    expect(me.does('back')[0]).toContain('small.applicant.name.ask');
    expect(me.says('giữ nguyên')[0]).toContain('flow.edit.same\nflow.progress(n=6 total=7)');
    for (let i = 0; i < 9; i += 1) me.does('back');
    expect(me.does('back')[0]).toContain('flow.back.first');
  });

  it('lists the answers with numbers and takes a number, or lets it be', () => {
    const me = at(UNTIL_COPIES);
    expect(me.does('edit').join('\n')).toContain('flow.review.line(n=3 label=small.applicant.name.label');
    expect(me.says('77')[0]).toContain('flow.edit.number(max=4)');
    expect(me.says('dòng ấy')[0]).toContain('flow.edit.number.2(max=4)');
    expect(me.says('3')[0]).toContain('small.applicant.name.ask');
    expect(me.says('Lê Văn Bình')[0]).toContain('flow.edit.changed(');
    expect(me.says('sửa 2')[0]).toContain('small.forWhom.ask');
    expect(me.says('1')[0]).toContain('flow.edit.same');
  });
});

it('explains how to answer, by example and why, and ends with the question', () => {
  const me = at(UNTIL_COPIES.slice(0, 3));
  expect(me.does('explain')).toEqual([
    'small.applicant.name.hint\nsmall.applicant.name.example\nsmall.applicant.name.purpose\nsmall.applicant.name.ask',
  ]);
});

it('pauses and goes on where it was', () => {
  const me = at(UNTIL_COPIES);
  expect(me.does('stop')).toEqual(['flow.paused']);
  expect(me.does('resume')).toEqual([
    'flow.resume(n=6 total=7)\nflow.progress(n=6 total=7)\nsmall.copies.ask',
  ]);
});

describe('the review', () => {
  it('comes when all is answered, numbers every line but hidden ones, and sends frozen lines in flow order', () => {
    const me = at([...UNTIL_COPIES, '2']);
    const pages = me.says('bỏ qua').join('\n');
    expect(me.session.phase).toBe('review');
    expect(pages).toContain('flow.review.line(n=5 label=small.copies.label value=2)');
    expect(pages).not.toContain('small.agree');
    me.does('send');
    expect(me.session.phase).toBe('sending');
    const [effect] = me.effects;
    if (effect?.type !== 'send') throw new Error('nothing was sent');
    const expected = ['place', 'agree', 'forWhom', 'applicant.name', 'applicant.birth', 'copies', 'remark'];
    expect(effect.lines.map(({ step }) => step)).toEqual(expected);
    expect(effect.lines.at(-1)).toMatchObject({ display: { key: 'flow.skipped' }, answer: { value: null } });
    expect(me.says('3')).toEqual(['flow.closed.sending']);
    expect(value(me, 'copies')).toBe(2);
  });

  it('takes a number or "sửa 5" for a line, and does not repeat the whole review after it', () => {
    const me = inReview();
    expect(me.says('5')[0]).toContain('small.copies.ask');
    expect(me.says('3')).toEqual([
      'flow.edit.changed(label=small.copies.label from=2 to=3)\nflow.review.ready.file\n[/undo /review /send /edit]',
    ]);
    expect(me.does('review').length).toBeGreaterThan(1);
  });

  it('says two things in turn, then offers a person, when the words are none of these', () => {
    const me = inReview();
    const said = ['ừ', 'alo', 'ủa', 'sao'].map((text) => me.says(text)[0]);
    expect(said).toEqual([
      'flow.review.miss\n[/send /edit]',
      'flow.review.miss.2\n[/send /edit]',
      'flow.review.miss\n[/send /edit /person]',
      'flow.review.miss.2\n[/send /edit /person]',
    ]);
  });

  it('does not send before all is answered, nor while a line is being edited', () => {
    const me = at(UNTIL_COPIES);
    expect(me.does('send')[0]).toContain('flow.send.missing');
    expect(me.effects.some(({ type }) => type === 'send')).toBe(false);
    const editing = inReview();
    editing.says('5');
    expect(editing.does('send')[0]).toContain('flow.send.missing');
    expect(editing.session.phase).toBe('review');
  });

  it('keeps its pages within bounds', () => {
    const me = at(UNTIL_COPIES.concat('2'));
    me.says('ghi chú '.repeat(55));
    for (const effect of me.effects) {
      if (effect.type !== 'say') continue;
      const texts = JSON.stringify(effect.message.lines).match(/"text":"[^"]*"/g) ?? [];
      expect(texts.join('').length).toBeLessThanOrEqual(LIMITS.reviewPageChars);
    }
  });
});

describe('a stop', () => {
  const young = [...UNTIL_COPIES.slice(0, 4), '3/2/2015'];

  it('explains with the law and offers to edit, a person, or to send anyway; by button or number', () => {
    const me = at(young.slice(0, 4));
    const offers = '[/edit /person /send-anyway]';
    expect(me.says('3/2/2015')[0]).toBe(
      `flow.echo(value=03/02/2015)\nsmall.tooYoung.ask\nsmall.tooYoung.law\nflow.stop.what\n${offers}`,
    );
    expect(me.session.phase).toBe('stopped');
    expect(me.says('sao lại thế')[0]).toBe(`flow.stop.again\nflow.stop.what\n${offers}`);
    expect(me.says('ơ')[0]).toContain('flow.stop.again.2');
    expect(me.says('1').join()).toContain('flow.edit.which');
    expect(at(young).does('send').join()).toContain('small.tooYoung.ask');
    expect(at(young).does('send').join()).not.toContain('flow.send.missing');
  });

  it('lets pass who wants an officer to look, and tells the officer', () => {
    const me = at(young);
    expect(me.says('3')[0]).toContain('flow.stop.passed\nflow.progress(n=6 total=7)\nsmall.copies.ask');
    expect(me.effects).toContainEqual({ type: 'person', reason: 'send-anyway' });
    me.all('2', 'bỏ qua', 'gửi');
    const sent = me.effects.find(({ type }) => type === 'send');
    expect(sent?.type === 'send' && sent.lines.map(({ step }) => step)).toContain('tooYoung');
  });

  it('goes away when the answer that led to it changes', () => {
    const me = at(young);
    me.does('edit', 'applicant.birth');
    me.says('3/2/1960');
    expect(me.session.phase).toBe('asking');
  });

  it('that is final cannot be passed', () => {
    const me = at(UNTIL_COPIES.slice(0, 4), load(SMALL.replace('> 150', '> 50')));
    expect(me.says('3/2/1960')[0]).toContain(
      'small.never.ask\nsmall.never.law\nflow.stop.what\n[/edit /person]',
    );
    me.does('send-anyway');
    expect(me.session.phase).toBe('stopped');
    expect(me.does('person')).toEqual([]);
    expect(me.effects).toEqual([{ type: 'person', reason: 'asked' }]);
  });
});

it('refuses to grow beyond its bounds, by name', () => {
  const old = { value: 1, source: 'typed', rev: 1, at: context.at, by: 'citizen' } as const;
  const answers = Object.fromEntries(
    Array.from({ length: LIMITS.answersPerSession }, (_, i) => [`old${i}`, old]),
  );
  const me = citizen(flow, { answers });
  expect(() => me.says('Phường Tây Hồ')).toThrow(AppError);
});
