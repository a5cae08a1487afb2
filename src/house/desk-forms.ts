/** Declarations as the desk asks for them: the forms of the documents room, with the agency's name and place. */
import type { FormOfDesk } from '../desk/deps';
import { cellsOf, type Office } from '../documents/forms/cells';
import { checkOfficialDocx, fillDocx } from '../documents/forms/docx';
import { docxTemplate } from '../documents/forms/docx-template';
import { formsOf, type Form } from '../documents/forms/form';
import { fillPdf } from '../documents/forms/pdf';
import type { Commune } from '../flow/types';
import type { Agency } from '../ports/documents';

type CommuneByCode = (code: string) => Commune | undefined;

/** @throws AppError `flow-invalid` for a form file that cannot be read */
export function deskForms(root: string, communeByCode: CommuneByCode) {
  const forms = formsOf(root);
  const officeOf = ({ name, communeCode }: Agency): Office => {
    const commune = communeByCode(communeCode);
    return { name, place: commune === undefined ? '' : `${commune.name}, ${commune.provinceName}` };
  };
  return {
    of(procedure: string): FormOfDesk | null {
      const form = forms.get(procedure);
      return form === undefined ? null : formOfDesk(form, officeOf);
    },
  };
}

function formOfDesk(form: Form, officeOf: (agency: Agency) => Office): FormOfDesk {
  return {
    title: form.title,
    number: form.number ?? null,
    cells: cellsOf(form).map(({ name }) => name),
    pdf: (dossier, agency) => fillPdf(form, dossier, officeOf(agency)),
    docx: (dossier, agency, official) => fillDocx(form, dossier, officeOf(agency), official),
    template: () => docxTemplate(form),
    check: (bytes) => checkOfficialDocx(form, bytes),
  };
}
