/** A new officer, and the link with which they set their password. */
import { OFFICER_TIMES, openOfficers } from '../../src/app/officers/officers';
import { refuse, type Command } from './command';
import { withStore } from './store';

export const createOfficer: Command = {
  usage: '<login> <name> <agency> [officer|admin]',
  what: 'a new officer; prints a one-time link to set the password',
  run: ([login, name, agency, role = 'officer'], tools) =>
    withStore(tools, async (store) => {
      if (login === undefined || name === undefined || agency === undefined)
        refuse('login, name or agency missing');
      if (role !== 'officer' && role !== 'admin') refuse('the role is officer or admin');
      if ((await store.agencies.byId(agency)) === null)
        refuse(`no agency is called "${agency}": see "agency list"`);
      const { officer, token } = await openOfficers(store, tools.universe).create({
        login,
        name,
        agency,
        role,
      });
      await store.audit.append({
        at: tools.universe.now(),
        who: 'system',
        agency,
        what: 'create-officer',
        subject: officer.id,
      });
      tools.say(
        `${officer.login} (${role}, ${agency}) sets a password within ${OFFICER_TIMES.link / 3_600_000} hours at:`,
      );
      tools.say(`${tools.config.publicUrl}/desk/set-password/${token}`);
    }),
};
