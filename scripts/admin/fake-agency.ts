/** An agency's system to try deliveries with, on good and bad days. */
import { MODES, startFakeAgency } from '../../tests/servers/fake-agency';
import { refuse, type Command } from './command';

export const fakeAgency: Command = {
  usage: '<secret> [port] [mode]',
  what: 'a receiving system to try out with, on this machine; Ctrl-C ends it',
  async run([secret, port = '0', name = 'ok'], { say }) {
    const mode = MODES.find((one) => one === name);
    if (secret === undefined) refuse('say the shared secret that "agency set-receiver" printed');
    if (mode === undefined) refuse(`the mode is one of: ${MODES.join(', ')}`);
    if (!/^\d{1,5}$/.test(port)) refuse('the port is a number');
    const { url } = await startFakeAgency({ secret, port: Number(port), mode });
    say(`receives at ${url} (${mode})`);
  },
};
