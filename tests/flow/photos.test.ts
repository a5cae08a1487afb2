/** Photos in the engine: gathered, late, misplaced, refused after the fact, waited for, and never lost or kept twice. */
import { advance } from '../../src/flow/engine';
import { photosIn } from '../../src/flow/photos/photo-value';
import { context } from './small-flow';
import {
  atName,
  atPaper,
  atReview,
  conditional,
  last,
  papers,
  photoEvent,
  plain,
  sender,
} from './photo-flow';

describe('a step that gathers photos', () => {
  it('asks on after each photo, and goes on when that is all', () => {
    const me = atPaper();
    const [first] = me.sends('a');
    expect(me.effects[0]).toEqual({ type: 'take-photo', photo: 'a', pdf: false });
    expect(first).toBe(
      'flow.progress(n=2 total=6)\nflow.photos.have(label=papers.birthPaper.label max=3)\n[birthPaper:-done birthPaper:-drop:a]',
    );
    me.sends('b');
    expect([me.asked(), me.at('birthPaper')]).toEqual(['birthPaper', ['a', 'b']]);
    expect(me.says('đủ rồi')[0]).toContain('flow.photos.took');
    expect(me.asked()).toBe('name');
  });

  it('goes on at once when it is full, and keeps no more than it may', () => {
    const me = atPaper();
    expect(me.sends('a', 'b', 'c', 'd')[0]).toContain('flow.photos.over(max=3)');
    expect(me.moved()).toEqual(['+a', '+b', '+c', '-d']);
    expect([me.asked(), me.at('birthPaper')]).toEqual(['name', ['a', 'b', 'c']]);
  });

  it('takes the button, its number and the words for enough; too few are not enough', () => {
    for (const end of ['xong', '1', 'hết rồi nghen', 'vậy thôi', 'rứa thôi', 'khong con nua']) {
      const me = atPaper();
      me.sends('a');
      me.says(end);
      expect([end, me.asked()]).toEqual([end, 'name']);
    }
    const me = atName('a');
    me.says('Nguyễn Văn An');
    expect(me.sends('b')[0]).toContain('flow.photos.few');
    expect(me.says('đủ rồi')[0]).toContain('flow.photos.missing');
    expect(me.asked()).toBe('idCard');
  });

  it('keeps the same photo once, and says so where it stands at another step too', () => {
    const me = atPaper();
    me.sends('a');
    expect(me.sends('a2=a')[0]).toContain('flow.photos.same(n=1)');
    expect([me.moved(), me.at('birthPaper')]).toEqual([['-a2'], ['a']]);
    for (const text of ['đủ rồi', 'Nguyễn Văn An']) me.says(text);
    expect(me.sends('b', 'a3=a')[0]).toContain('flow.photos.twin(label=papers.birthPaper.label n=1)');
    expect(me.at('idCard')).toEqual(['b', 'a3']);
  });

  it('takes photos out and puts them in order, by words and by buttons', () => {
    const me = atPaper();
    me.sends('a', 'b');
    expect(me.says('bỏ ảnh 1')[0]).toContain('flow.photos.dropped(n=1)');
    expect([me.moved(), me.at('birthPaper')]).toEqual([['-a'], ['b']]);
    me.sends('c');
    expect(me.says('đổi chỗ ảnh 1 và 2')[0]).toContain('flow.photos.moved');
    expect(me.at('birthPaper')).toEqual(['c', 'b']);
    me.says('ảnh 2 lên đầu');
    expect(me.at('birthPaper')).toEqual(['b', 'c']);
    expect(me.says('bỏ ảnh 7')[0]).toContain('flow.photos.noSuch');
    me.taps('birthPaper', '-drop:c');
    expect(me.at('birthPaper')).toEqual(['b']);
    expect(me.taps('birthPaper', '-drop:c')[0]).toContain('flow.stale');
    expect(me.says('chụp lại')[0]).toContain('papers.birthPaper.ask');
    expect([me.asked(), me.at('birthPaper')]).toEqual(['birthPaper', []]);
  });

  it('lets the paper be brought where it may be; conditions see it', () => {
    const me = atPaper();
    expect(me.says('tôi mang giấy ra phường sau')[0]).toContain('flow.echo(value=kinds.photo.brought)');
    me.says('Nguyễn Văn An');
    expect(me.asked()).toBe('letter');
    const other = atName('a');
    other.says('Nguyễn Văn An');
    expect(other.says('mang đến quầy')[0]).toContain('papers.idCard.error.impossible');
    other.sends('b');
    expect(other.at('idCard')).toEqual(['b']);
  });

  it.each([
    [['a', 'b'], 'đủ rồi', 'several'],
    [['a'], 'đủ rồi', 'name'],
    [[], 'mang đến quầy', 'later'],
    [['a'], 'bỏ ảnh 1', 'proof'],
  ])('is seen by conditions: %j, %p', (photos, words, next) => {
    const me = sender(conditional);
    me.says('Phường Tây Hồ');
    if (photos.length > 0) me.sends(...photos);
    me.says(words);
    expect(me.asked()).toBe(next);
  });

  it('says how a photo is sent, then offers a person and to bring the paper', () => {
    const me = atPaper();
    const said = ['chưa có', 'xong', 'alo'].map((text) => me.says(text)[0]);
    expect(said[0]).toContain('papers.birthPaper.error.unreadable');
    expect(said[1]).toContain('papers.birthPaper.error.unreadable.2');
    expect(said[2]).toContain('[birthPaper:bring /person]');
    expect(me.effects).toContainEqual({ type: 'person', reason: 'misses' });
  });

  it('does not take a PDF where only photos are, says so, and takes it where files are', () => {
    const me = atPaper();
    expect(me.sends('x.pdf')[0]).toContain('kinds.error.photo.pdf-not-here');
    expect(me.moved()).toEqual(['-x.pdf']);
    for (const text of ['mang đến quầy', 'Nguyễn Văn An']) me.says(text);
    me.sends('y.pdf');
    expect(me.effects[0]).toEqual({ type: 'take-photo', photo: 'y.pdf', pdf: true });
    expect([me.asked(), me.at('letter')]).toEqual(['copies', ['y.pdf']]);
  });
});

describe('an edit', () => {
  it('shows what is there, adds, takes out, and keeps', () => {
    const me = atReview('a', 'b', 'c');
    expect(me.does('edit', 'birthPaper')[0]).toContain(
      'flow.photos.now(label=papers.birthPaper.label max=3)\n[birthPaper:-keep birthPaper:-more birthPaper:-drop:a]',
    );
    me.sends('d');
    expect([me.asked(), me.at('birthPaper'), me.session.phase]).toEqual(['birthPaper', ['a', 'd'], 'review']);
    me.says('bỏ ảnh 1');
    me.says('giữ nguyên');
    expect([me.asked(), me.at('birthPaper')]).toEqual([null, ['d']]);
    me.does('edit', 'birthPaper');
    expect(me.says('bỏ ảnh 1')[0]).toContain('papers.birthPaper.ask');
    expect([me.asked(), me.session.phase]).toEqual(['birthPaper', 'asking']);
  });

  it('changes a single photo for the new one, and never gives a dropped one back', () => {
    const me = atReview('a', 'b', 'c');
    me.does('edit', 'letter');
    me.sends('e');
    me.does('edit', 'letter');
    me.sends('f');
    expect([me.moved(), me.at('letter')]).toEqual([['+f', '-e'], ['f']]);
    me.does('undo');
    me.does('undo', 'letter');
    expect(me.at('letter')).toEqual(['f']);
  });
});

describe('a photo at a question that takes none', () => {
  it('follows the others while their step has room, and the question is asked again', () => {
    const me = atName('a');
    const [said] = me.sends('b');
    expect(said).toContain('flow.photos.late(label=papers.birthPaper.label)');
    expect(said).toContain('papers.name.ask');
    expect(me.at('birthPaper')).toEqual(['a', 'b']);
  });

  it('is offered to the one step without photos, and waits there until the talk gets to it', () => {
    const me = atName('a', 'b', 'c');
    expect(me.sends('d', 'e')[0]).toContain('flow.photos.where.many(n=2)');
    me.says('thẻ căn cước');
    expect([me.at('idCard'), me.asked()]).toEqual([['d', 'e'], 'name']);
    me.says('Nguyễn Văn An');
    expect(me.asked()).toBe('letter');
    for (const text of ['bỏ qua', '2']) me.says(text);
    expect(me.session.phase).toBe('review');
    expect(me.sends('f')[0]).toContain(
      'flow.photos.isIt.one(n=1 label=papers.letter.label)\n[letter:-here letter:-away]',
    );
    expect(me.says('đúng rồi')[0]).toContain('flow.photos.placed');
    expect(me.at('letter')).toEqual(['f']);
  });

  it('is offered once more as a list after a no, and goes when it was a mistake', () => {
    const me = atReview();
    me.sends('x');
    expect(me.says('không phải')[0]).toContain('flow.photos.where.one');
    expect(me.says('bỏ ảnh này')[0]).toContain('flow.photos.thrownAway');
    expect([me.moved(), me.session.pending]).toEqual([['-x'], null]);
    me.sends('y');
    me.says('3');
    expect(me.moved()).toEqual(['-y']);
  });

  it('waits while the question is answered, and is not forgotten over anything else', () => {
    const me = atName('a', 'b', 'c');
    me.sends('x');
    expect(me.says('Nguyễn Văn An')[0]).toContain('flow.photos.where.one');
    expect(me.session.answers['name']?.value).toBe('Nguyễn Văn An');
    for (const text of ['ơ kìa', 'sao thế', 'sửa 1']) me.says(text);
    for (const command of ['resume', 'review', 'explain', 'send', 'edit'] as const) me.does(command);
    expect(photosIn(me.session).map(({ photo }) => photo.id)).toContain('x');
    me.taps('idCard', '-here');
    expect(me.at('idCard')).toEqual(['x']);
  });

  it('belongs to the step before only while it may be of the same album', () => {
    const late = (minutes: number) => {
      const me = atName('a');
      const at = new Date(Date.parse(context.at) + minutes * 60_000).toISOString();
      return advance(papers, me.session, photoEvent(['b']), { ...context, at }).session;
    };
    expect(photosIn(late(1.5)).map(({ path }) => path)).toEqual(['birthPaper', 'birthPaper']);
    expect(photosIn(late(3)).map(({ path }) => path)).toEqual(['birthPaper', null]);
  });

  it('says so when more wait than any step holds', () => {
    const me = atName('a', 'b', 'c');
    const many = Array.from({ length: 21 }, (_, i) => `x${String(i)}`);
    expect(me.sends(...many)[0]).toContain('flow.photos.over(max=20)');
    expect(me.moved()).toContain('-x20');
  });

  it('is not kept where nothing wants photos', () => {
    const me = sender(plain);
    expect(me.sends('a')[0]).toContain('flow.photos.none\nflow.progress');
    expect(me.moved()).toEqual(['-a']);
  });
});

describe('a photo that was looked at', () => {
  it('is no event when all is well, one sentence when it is small', () => {
    const me = atName('a', 'b');
    expect(me.ready('a')).toEqual([]);
    const said = me.ready('b', 'small');
    expect(said[0]).toContain('flow.photos.small\n[birthPaper:-drop:b]');
    expect(said[1]).toContain('papers.name.ask');
    me.taps('birthPaper', '-drop:b');
    expect([me.asked(), me.at('birthPaper')]).toEqual(['birthPaper', ['a']]);
    expect([me.ready('nobody'), me.refused('nobody', 'broken'), me.ready('a')]).toEqual([[], [], []]);
  });

  it('comes back with its reason when it was refused; said another way the second time, then with a person', () => {
    const me = atName('a');
    expect(me.refused('a', 'broken')[0]).toContain('kinds.error.photo.broken\n');
    expect([me.asked(), me.moved()]).toEqual(['birthPaper', ['-a']]);
    me.says('xong');
    me.sends('b');
    me.says('đủ rồi');
    expect(me.refused('b', 'broken')[0]).toContain('kinds.error.photo.broken.2');
    me.sends('c');
    expect(me.refused('c', 'animated')[0]).toContain(
      'kinds.error.photo.animated\nflow.photos.stuck\n[/person]',
    );
    expect(me.effects).toContainEqual({ type: 'person', reason: 'misses' });
    me.sends('d');
    me.ready('d');
    expect(me.session.answers['birthPaper']?.value).not.toHaveProperty('refused');
  });

  it('only says so while enough are left', () => {
    const me = atName('a', 'b');
    const [said] = me.refused('a', 'too-big');
    expect(said).toContain('kinds.error.photo.too-big');
    expect([me.asked(), me.at('birthPaper')]).toEqual(['name', ['b']]);
  });

  it('is refused by what it turns out to be', () => {
    const me = atName('a');
    const turn = advance(
      papers,
      me.session,
      { type: 'photo-ready', photo: 'a', sort: 'pdf', pages: 2, flags: [] },
      context,
    );
    expect(turn.effects[0]).toEqual({ type: 'drop-photo', photo: 'a' });
  });
});

describe('sending while photos are looked at', () => {
  const sent = (me: ReturnType<typeof sender>) => me.effects.some(({ type }) => type === 'send');

  it('waits, and sends by itself when the last is settled', () => {
    const me = atReview('a');
    expect(me.says('gửi')).toEqual(['flow.photos.wait']);
    expect([sent(me), me.session.pending]).toEqual([false, { type: 'send' }]);
    expect(me.says('sao lâu thế')).toEqual(['flow.photos.wait.2']);
    expect([me.does('resume'), me.ready('b')]).toEqual([['flow.photos.wait.2'], []]);
    me.ready('c', 'small');
    expect([sent(me), me.session.phase]).toEqual([true, 'sending']);
  });

  it('sends a small photo with its mark, for the officer to see', () => {
    const me = atReview('a', 'b');
    me.does('send');
    me.ready('c', 'small');
    const send = me.effects.find((one) => one.type === 'send');
    const card = send?.type === 'send' ? send.lines.find(({ step }) => step === 'idCard') : undefined;
    expect(card?.answer.value).toMatchObject({
      photos: [{ state: 'ok' }, { state: 'flagged', flags: ['small'] }],
    });
  });

  it('is off, which is said, when one more comes for the step just answered', () => {
    const me = sender(last);
    for (const text of ['Phường Tây Hồ', 'Nguyễn Văn An']) me.says(text);
    me.sends('a');
    me.says('đủ rồi');
    me.does('send');
    expect(me.sends('b')[0]).toContain('flow.photos.sendOff');
    expect([me.at('proof'), me.session.pending]).toEqual([['a', 'b'], null]);
  });

  it('is off when one is refused, which is said', () => {
    const me = atReview('a', 'b');
    me.does('send');
    expect(me.refused('c', 'broken')[0]).toContain('flow.photos.sendOff');
    expect([me.asked(), me.session.pending]).toEqual(['idCard', null]);
  });

  it('goes on without a photo that never came, marked', () => {
    const me = atReview('a', 'b');
    me.does('send');
    me.refused('c', 'lost');
    expect(sent(me)).toBe(true);
    expect(me.session.answers['idCard']?.value).toMatchObject({
      photos: [{ flags: [] }, { flags: ['lost'] }],
    });
  });

  it('is called off by words, by an edit and by a pause', () => {
    for (const text of ['khoan đã', 'thôi chưa gửi', 'sửa 1']) {
      const me = atReview();
      me.does('send');
      me.says(text);
      for (const id of ['a', 'b', 'c']) me.ready(id);
      expect([text, sent(me), me.session.phase]).toEqual([text, false, 'review']);
    }
    const me = atReview('a', 'b');
    me.does('send');
    me.does('stop');
    me.ready('c');
    expect(sent(me)).toBe(false);
  });

  it('takes no photo any more once sent', () => {
    const me = atReview('a', 'b', 'c');
    me.does('send');
    expect([me.sends('z'), me.moved()]).toEqual([['flow.closed.sending'], ['-z']]);
  });
});

describe("a paper in an officer's supplement", () => {
  const extra = [{ id: 'p1', sort: 'paper', text: 'Giấy chứng sinh' }] as const;
  function asked() {
    const { session } = atReview('a', 'b', 'c');
    const me = sender(papers, { answers: session.answers, extra, purpose: 'supplement', dossier: 'D1' });
    expect(me.asked()).toBe('extra.p1');
    return me;
  }
  const value = (me: ReturnType<typeof sender>) => me.session.answers['extra.p1']?.value;

  it('takes photos and PDFs, a promise to bring it, or words', () => {
    const me = asked();
    me.sends('p', 'q.pdf');
    me.says('đủ rồi');
    expect([me.asked(), me.at('extra.p1')]).toEqual([null, ['p', 'q.pdf']]);
    const told = asked();
    told.says('giấy đó tôi nộp hôm qua rồi');
    expect(value(told)).toEqual({
      photos: [],
      done: true,
      bring: false,
      reply: 'giấy đó tôi nộp hôm qua rồi',
    });
    const brought = asked();
    brought.says('1');
    expect(value(brought)).toEqual({ photos: [], done: true, bring: true });
  });

  it('keeps words beside the photos', () => {
    const me = asked();
    me.sends('p');
    me.says('trang sau bị rách từ trước');
    me.says('đủ rồi');
    expect([me.at('extra.p1'), value(me)]).toMatchObject([['p'], { reply: 'trang sau bị rách từ trước' }]);
    me.does('send');
    me.ready('p');
    const send = me.effects.find((one) => one.type === 'send');
    expect(send?.type === 'send' && send.lines.at(-1)?.display).toMatchObject({ key: 'flow.extra.both' });
  });
});
