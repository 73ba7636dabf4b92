/** Styles of the logs. */
export const logsStyle = `
.log, .merged { font: 12px/1.5 ui-monospace, "SF Mono", Menlo, "DejaVu Sans Mono", monospace; max-height: 50vh; overflow: auto; white-space: pre-wrap; overflow-wrap: anywhere; }
.merged { list-style: none; margin: 0 0 12px; padding: 8px 10px; background: var(--raised); border: 1px solid var(--line); border-radius: 4px; max-height: 60vh; }
.merged li { display: grid; grid-template-columns: 5.4em minmax(6em, 10em) minmax(0, 1fr); gap: 0 12px; padding: 1px 0; border-top: 1px solid transparent; } .merged li.now { background: var(--shade); outline: 1px solid var(--vermilion); }
.merged button { font: inherit; color: var(--accent); background: none; border: 0; padding: 0; align-self: start; text-align: right; cursor: pointer; } .merged .process { color: var(--quiet); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; } .merged mark { color: inherit; background: var(--orange); background: color-mix(in srgb, var(--orange) 45%, transparent); }
.filter-form fieldset { display: flex; flex-wrap: wrap; gap: 4px 14px; margin: 0; padding: 0; border: 0; } .filter-form legend { float: left; margin-right: 10px; color: var(--quiet); } .filter-form input[type=checkbox] { min-height: 0; width: 16px; height: 16px; }
@media (max-width: 700px) { .merged li { grid-template-columns: 5.4em minmax(0, 1fr); } .merged .text { grid-column: 1 / -1; } }
@media print { .log-view { display: none; } }
`;
