import type { MenuFault, MenuField } from '../fault-menu.ts';

/** What was clicked. */
interface Aim {
  at: MenuFault['at'];
  title: string;
  /** Its words in the order: `node:redis-1`. */
  words: readonly string[];
  kind: string;
  /** The only fault that is meant; empty for a choice. */
  fault: string;
}

/** Opens the menu of faults over a node, a link or a button, and sends what was chosen; and heals. */
export function faultMenu(): void {
  const { orders } = document.body.dataset;
  const data = document.getElementById('fault-menu')?.textContent;
  const dialog = document.querySelector<HTMLDialogElement>('#fault-dialog');
  if (orders === undefined || !data || dialog === null) return;
  const menu = JSON.parse(data) as MenuFault[];
  const open = opener(dialog, menu, orders);
  document.addEventListener('click', ({ target }) => {
    if (!(target instanceof Element)) return;
    const heal = target.closest<HTMLElement>('[data-heal]');
    if (heal !== null) return void healIt(heal, orders);
    const aim = aimOf(target.closest<HTMLElement>('[data-node], [data-from][data-to], [data-fault]'));
    if (aim !== null) open(aim);
  });
}

function aimOf(element: HTMLElement | SVGElement | null): Aim | null {
  const { node, from, to, kind = '', fault = '' } = element?.dataset ?? {};
  if (node !== undefined) return { at: 'node', title: `Break ${node}`, words: [`node:${node}`], kind, fault };
  if (from !== undefined && to !== undefined) {
    const words = [`host:${from}`, `node:${to}`];
    return { at: 'link', title: `Break ${from} → ${to}`, words, kind, fault };
  }
  return fault === '' ? null : { at: 'system', title: 'Break', words: [], kind, fault };
}

function opener(dialog: HTMLDialogElement, menu: readonly MenuFault[], orders: string): (aim: Aim) => void {
  const part = <E extends Element>(selector: string) => dialog.querySelector<E>(selector) as E;
  const [title, form, choice] = [
    part<HTMLElement>('h2'),
    part<HTMLFormElement>('form'),
    part<HTMLSelectElement>('select[name=fault]'),
  ];
  const [fields, command, said] = [part<HTMLElement>('.fields'), part('code'), part<HTMLElement>('.said')];
  let aim: Aim | null = null;
  const say = (text: string, isBad = false) => {
    said.textContent = text;
    said.classList.toggle('bad', isBad);
  };
  const chosen = () => menu.find(({ name }) => name === choice.value);
  const words = (): string[] => [choice.value, ...(aim?.words ?? []), ...filled(fields, chosen())];
  const showCommand = () => {
    command.textContent = `lab fault ${words().map(shellWord).join(' ')}`;
  };
  const showFields = () => {
    fields.replaceChildren(...(chosen()?.fields.map(fieldOf) ?? []));
    say('');
    showCommand();
  };
  choice.addEventListener('change', showFields);
  fields.addEventListener('input', showCommand);
  part('button[value=cancel]').addEventListener('click', () => dialog.close());
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const button = part<HTMLButtonElement>('button[value=inject]');
    button.disabled = true;
    say('being injected …');
    const { ok, text } = await send(orders, { do: 'inject', words: words() });
    button.disabled = false;
    say(text, !ok);
  });
  return (next) => {
    aim = next;
    title.textContent = next.title;
    const fitting = menu.filter(
      ({ at, kinds, name }) =>
        at === next.at &&
        (kinds.length === 0 || kinds.includes(next.kind)) &&
        (next.fault === '' || next.fault === name),
    );
    choice.replaceChildren(...fitting.map(({ name }) => new Option(name, name)));
    showFields();
    dialog.showModal();
  };
}

function fieldOf(field: MenuField): HTMLElement {
  const label = document.createElement('label');
  label.append(field.name);
  const input = field.choices.length > 0 ? document.createElement('select') : document.createElement('input');
  if (input instanceof HTMLSelectElement)
    input.append(...field.choices.map((each) => new Option(each, each)));
  else {
    input.value = field.optional ? '' : field.usual;
    input.placeholder = field.usual;
    input.required = !field.optional;
  }
  input.name = field.name;
  const small = document.createElement('small');
  small.textContent = field.words;
  label.append(input, small);
  return label;
}

/** What was filled in, as words behind the targets; the first choice is what happens anyway. */
function filled(fields: Element, fault: MenuFault | undefined): string[] {
  return (fault?.fields ?? []).flatMap(({ name, isRest, choices, optional }) => {
    const input = fields.querySelector<HTMLInputElement | HTMLSelectElement>(`[name="${name}"]`);
    const value = input?.value.trim() ?? '';
    if (value === '' || (optional && value === choices[0])) return [];
    return isRest ? value.split(/\s+/) : [`--${name}=${value}`];
  });
}

async function healIt(button: HTMLElement, orders: string): Promise<void> {
  const { heal = '' } = button.dataset;
  button.toggleAttribute('disabled', true);
  const { ok, text } = await send(orders, { do: 'heal', id: heal === '' ? null : heal });
  if (ok) return;
  button.toggleAttribute('disabled', false);
  button.after(` ${text}`);
}

async function send(orders: string, order: object): Promise<{ ok: boolean; text: string }> {
  try {
    const response = await fetch(orders, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(order),
    });
    const answer = await response.json();
    if (!answer.ok) return { ok: false, text: String(answer.message) };
    const [fault] = answer.faults;
    const isProved = fault === undefined || fault.provedAt !== null;
    return {
      ok: isProved,
      text:
        fault === undefined
          ? 'done'
          : `${fault.id}: ${fault.text} (${isProved ? '' : 'NOT PROVED: '}${fault.proof})`,
    };
  } catch (error) {
    return { ok: false, text: `the lab did not answer: ${String(error)}` };
  }
}

function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
