/** Styles of the list of what was found. */
export const evidenceStyle = `
.filter-form { display: flex; flex-wrap: wrap; gap: 8px 14px; align-items: center; margin: 0 0 8px; font-size: 13px; } .filter-form label { display: inline-flex; align-items: center; gap: 6px; color: var(--quiet); } .filter-form input, .filter-form select { font: inherit; color: var(--ink); background: var(--ground); border: 1px solid var(--line); border-radius: 4px; padding: 5px 8px; min-height: 34px; max-width: min(60vw, 240px); } .filter-form input[type=number] { width: 6.5em; } .filter-form output { font-weight: 600; }
.cell-label { display: none; color: var(--quiet); } .evidence td { vertical-align: middle; }
.evidence td button { font: inherit; font-weight: 600; color: var(--accent); background: none; border: 0; padding: 0; cursor: pointer; text-decoration: underline; white-space: nowrap; }
.evidence-detail > td { background: var(--raised); padding: 8px 14px; } .evidence-detail ul { margin: 0; padding-left: 1.1em; } .evidence-detail .scope { grid-template-columns: 130px minmax(0, 1fr); max-width: 100ch; }
.pager { font-size: 14px; } .pager button { font: inherit; color: var(--ink); background: var(--ground); border: 1px solid var(--line); border-radius: 4px; padding: 5px 12px; min-height: 34px; cursor: pointer; } .pager button:disabled { opacity: .45; cursor: default; }
@media (max-width: 560px) { .cell-label { display: inline; } .evidence-detail .scope { grid-template-columns: 1fr; } .evidence .table { font-size: 13px; } .evidence .table td { min-width: 0; padding-right: 10px; } .stacked td:empty { display: none; } }
@media print { .evidence { display: none; } }
`;
