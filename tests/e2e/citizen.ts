/** A citizen at the chat page, on a small phone: writes, presses, waits to hear. */
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { watchFaults } from './faults';
import { shoot } from './shots';

export interface Citizen {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Errors and alarms so far; stays empty. */
  readonly faults: readonly string[];
  say(words: string): Promise<void>;
  /** Presses the newest button of this name. */
  press(label: string): Promise<void>;
  /** Waits for words in a message that came after what was heard before; returns that message. */
  hears(words: string | RegExp): Promise<string>;
  /** All that stands in the talk, both sides, as read. */
  talk(): Promise<readonly string[]>;
  shot(name: string): Promise<void>;
}

const WAIT_MS = 15_000;
const PHONE = { width: 360, height: 740 };

export async function openCitizen(
  browser: Browser,
  url: string,
  state?: BrowserContextOptions['storageState'],
): Promise<Citizen> {
  const context = await browser.newContext({
    viewport: PHONE,
    locale: 'vi-VN',
    ...(state === undefined ? {} : { storageState: state }),
  });
  const faults = await watchFaults(context);
  const page = await context.newPage();
  await page.goto(url);
  return citizenAt(context, page, faults);
}

export function citizenAt(context: BrowserContext, page: Page, faults: readonly string[]): Citizen {
  const theirs = page.locator('#log .line.bot, #log .line.officer');
  let heard = 0;
  const talk = () => page.locator('#log .line .words').allTextContents();

  async function hears(words: string | RegExp): Promise<string> {
    for (const end = Date.now() + WAIT_MS; Date.now() < end;) {
      const lines = await theirs.locator('.words').allTextContents();
      const at = lines.findIndex((line, n) => n >= heard && matches(line, words));
      if (at >= 0) {
        heard = at + 1;
        return lines[at]!;
      }
      await page.waitForTimeout(25);
    }
    throw new Error(`never heard ${String(words)}; the talk ends: ${(await talk()).slice(-4).join(' ⏎ ')}`);
  }
  return {
    context,
    page,
    faults,
    async say(words) {
      await page.getByLabel('Viết tin nhắn').fill(words);
      await page.keyboard.press('Enter');
    },
    press: (label) => choice(page, label).click(),
    hears,
    talk,
    shot: (name) => shoot(page, name),
  };
}

/** The newest button with just these words. */
export const choice = (page: Page, label: string): Locator =>
  page.locator('#log .choice').getByText(label, { exact: true }).last();

const matches = (line: string, words: string | RegExp): boolean =>
  typeof words === 'string' ? line.includes(words) : words.test(line);

/** What to answer, and what is heard next. */
export type Turn = readonly ['say' | 'press', string, string];

const OPENING: readonly Turn[] = [
  ['say', 'xin ban sao khai sinh', 'Có phải việc này'],
  ['say', 'ừ phải', 'phường, xã nào'],
  ['say', 'phuong mau', 'xin giúp người khác'],
  ['press', 'Giấy của tôi', 'Có đồng ý không'],
  ['press', 'Đồng ý', 'Cần xin bản sao của giấy nào'],
  ['say', '1', 'Họ và tên đầy đủ'],
];

export interface Wishes {
  readonly name?: string;
  readonly registeredAt?: string;
  readonly registerNumber?: string;
  /** Asked only after a number. */
  readonly registerBook?: string;
}

/** From the greeting to the question of the name. */
export async function beginFiling(citizen: Citizen): Promise<void> {
  await citizen.hears('cần làm việc gì');
  await walk(citizen, OPENING);
}

/** From the question of the name to the review. */
export async function answerAll(citizen: Citizen, wishes: Wishes = {}): Promise<void> {
  const { name = 'nguyễn thị hoa', registeredAt, registerNumber, registerBook } = wishes;
  await walk(citizen, [
    ['say', name, 'Số căn cước'],
    ['say', '001 185 012 345', 'giấy cũ'],
    ['press', 'Bỏ qua', 'ngày trước làm ở đâu'],
    orSkip(registeredAt, 'làm ngày nào'),
    ['say', '15/6/1985', 'là số mấy'],
    orSkip(registerNumber, registerNumber === undefined ? 'Cần xin mấy bản' : 'Quyển số mấy'),
    ...(registerNumber === undefined ? [] : [orSkip(registerBook, 'Cần xin mấy bản')]),
    ['say', 'hai bản', 'Muốn nhận giấy bằng cách nào'],
    ['press', 'Bản giấy, nhận tại quầy', 'Gọi số nào'],
    ['say', '0912 345 678', 'bấm Gửi cho cán bộ'],
  ]);
}

const orSkip = (words: string | undefined, next: string): Turn =>
  words === undefined ? ['press', 'Bỏ qua', next] : ['say', words, next];

/** Presses send, and returns the code that was said. */
export async function send(citizen: Citizen): Promise<string> {
  await citizen.press('Gửi cho cán bộ');
  const sent = await citizen.hears('Mã hồ sơ:');
  return /Mã hồ sơ: ([\w-]+)/.exec(sent)![1]!;
}

export async function fileDossier(citizen: Citizen, wishes: Wishes = {}): Promise<string> {
  await beginFiling(citizen);
  await answerAll(citizen, wishes);
  return send(citizen);
}

export async function walk(citizen: Citizen, turns: readonly Turn[]): Promise<void> {
  for (const [how, words, next] of turns) {
    await citizen[how](words);
    await citizen.hears(next);
  }
}
