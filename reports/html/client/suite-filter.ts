/** Leaves of all tables of the suite's page the rows that the form asks for. A theme without any goes too, by a style. */
export function suiteFilter(): void {
  const form = document.querySelector<HTMLFormElement>('form.filter');
  if (form === null) return;
  form.hidden = false;
  const rows = [...document.querySelectorAll<HTMLElement>('[data-name]')];
  const output = form.querySelector('output');
  const all = namesOf(rows).size;
  const apply = () => {
    const wanted = new FormData(form);
    const [theme, outcome, text] = ['theme', 'outcome', 'text'].map((name) => String(wanted.get(name) ?? ''));
    const words = (text ?? '').toLowerCase().split(/\s+/);
    for (const row of rows) {
      const { name = '', title = '', theme: ofTheme = '', outcomes = '' } = row.dataset;
      const said = `${name} ${title}`.toLowerCase();
      const fits =
        (theme === '' || theme === ofTheme) &&
        (outcome === '' || outcomes.split(' ').includes(outcome ?? '')) &&
        words.every((word) => said.includes(word));
      row.hidden = !fits;
    }
    const shown = namesOf(rows.filter((row) => !row.hidden)).size;
    if (output !== null) output.value = shown === all ? '' : `${shown} of ${all} scenarios`;
  };
  form.addEventListener('input', apply);
  form.addEventListener('submit', (event) => event.preventDefault());
  // A browser that goes back to the page fills in what stood there.
  apply();
}

function namesOf(rows: readonly HTMLElement[]): Set<string | undefined> {
  return new Set(rows.map(({ dataset }) => dataset.name));
}
