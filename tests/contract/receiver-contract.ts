/** What every receiver driver must do, mode by mode of the agency at the other end. Imported by one test per driver. */
import type { Parcel, Receiver, ReceiverOutcome, ReceiverTarget } from '../../src/ports/receiver';
import { MODES, startFakeAgency } from '../servers/fake-agency';
import type { FakeAgency, Mode } from '../servers/fake-agency';

const SECRET = 'một bí mật dùng chung đủ dài';
const BODY = Buffer.from('{"people":{"applicant":{"name":"Nguyễn Thị Ví Dụ"}}}', 'utf8');
const never = new AbortController().signal;

/** What must be known after one try, and how many dossiers the agency then has. */
const EXPECTED: Record<Mode, { state: ReceiverOutcome['state']; commits: number }> = {
  ok: { state: 'accepted', commits: 1 },
  'ok-without-code': { state: 'accepted', commits: 1 },
  '500': { state: 'unknown', commits: 0 },
  '500-after-commit': { state: 'unknown', commits: 1 },
  '408': { state: 'unknown', commits: 0 },
  '429': { state: 'busy', commits: 0 },
  '503': { state: 'busy', commits: 0 },
  '409': { state: 'refused', commits: 0 },
  '422': { state: 'refused', commits: 0 },
  'hang-before-read': { state: 'unknown', commits: 0 },
  'hang-after-commit': { state: 'unknown', commits: 1 },
  'close-before-answer': { state: 'unknown', commits: 1 },
  'close-mid-answer': { state: 'unknown', commits: 1 },
  slow: { state: 'unknown', commits: 1 },
  'slow-drip': { state: 'unknown', commits: 1 },
  'huge-answer': { state: 'unknown', commits: 1 },
  '200-with-error-body': { state: 'unknown', commits: 0 },
  '200-html': { state: 'unknown', commits: 0 },
  redirect: { state: 'refused', commits: 0 },
  'accept-twice': { state: 'accepted', commits: 1 },
};

/** Waiting for an answer that will not come, and for one that will, however busy the machine is (ms). */
const SHORT = 1_000;
const LONG = 20_000;
const waitIn = (mode: Mode): number => (/^hang|^slow/.test(mode) ? SHORT : LONG);

export function receiverContract(name: string, makeReceiver: (timeoutMs: number) => Receiver): void {
  const make = (mode: Mode = 'ok'): Receiver => makeReceiver(waitIn(mode));
  describe(`receiver: ${name}`, () => {
    let agency: FakeAgency;
    let target: ReceiverTarget;
    const parcel = (key: string, body = BODY): Parcel => ({ key, body });

    beforeAll(async () => {
      agency = await startFakeAgency({ secret: SECRET });
      target = { agency: 'xa-mau', url: agency.url, secret: SECRET };
    });
    afterAll(() => agency.close());
    beforeEach(() => agency.setMode('ok'));

    test.each(MODES)('%s', async (mode) => {
      const key = `d-1-${mode}`;
      agency.setMode(mode, key);
      const outcome = await make(mode).deliver(target, parcel(key), never);
      expect(outcome.state).toBe(EXPECTED[mode].state);
      expect(agency.committed(key)).toHaveLength(EXPECTED[mode].commits);
    });

    test('bytes, key and signature arrive exactly as given, and the agency’s number comes back', async () => {
      const outcome = await make().deliver(target, parcel('d-bytes'), never);
      expect(agency.ledger.filter((line) => line.key === 'd-bytes').map((line) => line.what)).toEqual([
        'arrived',
        'committed',
      ]);
      expect(agency.committed('d-bytes')[0]?.body).toBe(BODY.toString('utf8'));
      expect(outcome).toEqual({
        state: 'accepted',
        officialCode: expect.stringMatching(/^H26\.18-\d+$/) as string,
      });
    });

    const afterCommit = MODES.filter(
      (mode) => EXPECTED[mode].state === 'unknown' && EXPECTED[mode].commits === 1,
    );
    test.each(afterCommit)(
      'after %s the same bytes again find the first dossier, never a second',
      async (mode) => {
        const key = `again-${mode}`;
        agency.setMode(mode, key);
        await make(mode).deliver(target, parcel(key), never);
        agency.setMode('ok', key);
        const outcome = await make().deliver(target, parcel(key), never);
        expect(outcome.state).toBe('accepted');
        expect(agency.committed(key)).toHaveLength(1);
      },
    );

    test('another body under a used key is refused, and an agency without idempotency shows up as doubles', async () => {
      await make().deliver(target, parcel('used'), never);
      const other = await make().deliver(target, parcel('used', Buffer.from('{}')), never);
      expect(other).toEqual({ state: 'refused', status: 409 });

      agency.setMode('accept-twice', 'twice');
      await make().deliver(target, parcel('twice'), never);
      await make().deliver(target, parcel('twice'), never);
      expect(agency.committed('twice')).toHaveLength(2);
    });

    test('a wrong secret is refused', async () => {
      const outcome = await make().deliver({ ...target, secret: 'other' }, parcel('forged'), never);
      expect(outcome).toEqual({ state: 'refused', status: 401 });
      expect(agency.committed('forged')).toHaveLength(0);
    });

    test('busy says how long the agency asked to wait', async () => {
      agency.setMode('429', 'wait');
      const outcome = await make().deliver(target, parcel('wait'), never);
      expect(outcome).toMatchObject({ state: 'busy', retryAfterMs: 120_000 });
    });

    test('nobody listening, or no such name: certainly not taken', async () => {
      const gone = await startFakeAgency({ secret: SECRET });
      await gone.close();
      const closed = await make().deliver({ ...target, url: gone.url }, parcel('gone'), never);
      expect(closed).toEqual({ state: 'busy', reason: 'ECONNREFUSED' });
      const nameless = await make().deliver(
        { ...target, url: 'https://khong-co.invalid/' },
        parcel('no'),
        never,
      );
      expect(nameless.state).toBe('busy');
    });

    test('TLS that cannot be spoken: certainly not taken', async () => {
      const url = agency.url.replace('http:', 'https:');
      const outcome = await make().deliver({ ...target, url }, parcel('tls'), never);
      expect(outcome.state).toBe('busy');
      expect(agency.ledger.filter((line) => line.key === 'tls')).toHaveLength(0);
    });

    test('a stop in the middle is of unknown fate', async () => {
      agency.setMode('hang-after-commit', 'stop');
      const stop = new AbortController();
      const outcome = make().deliver(target, parcel('stop'), stop.signal);
      while (agency.committed('stop').length === 0) await new Promise((resume) => setTimeout(resume, 5));
      stop.abort();
      expect(await outcome).toEqual({ state: 'unknown', reason: 'stopped' });
    });

    test.each([
      ['http://co-quan.vn/nhan', 'plain http across a network'],
      ['https://ten:mk@co-quan.vn/nhan', 'credentials in the address'],
      ['http://169.254.169.254/', 'link-local'],
      ['không phải địa chỉ', 'not an address'],
    ])('%s is never called: %s', async (url) => {
      expect((await make().deliver({ ...target, url }, parcel('bad-url'), never)).state).toBe('busy');
    });
  });
}
