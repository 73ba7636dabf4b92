/** What only live pages have. */
export const liveStyle = `
.live-note { color: var(--quiet); } .live-note[data-state="lost"] { color: var(--bad); font-weight: 600; }
.live-cards { grid-template-columns: repeat(auto-fit, minmax(min(140px, 100%), 1fr)); } .live-cards .card b { font-size: 20px; font-variant-numeric: tabular-nums; }
.live-faults { margin: 0; padding-left: 20px; } .live-faults li { margin-bottom: 4px; }
button { font: 13px/1.3 system-ui, sans-serif; padding: 3px 10px; color: var(--ink); background: var(--raised); border: 1px solid var(--line); border-radius: 4px; cursor: pointer; }
button:hover { border-color: var(--accent); } :focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
.links td, .links th { padding: 4px 8px 4px 0; vertical-align: middle; white-space: nowrap; border-bottom: 0; }
.links thead th { color: var(--ink); font-size: 13px; } .links tbody th { font-size: 13px; position: sticky; left: 0; background: var(--ground); }
.links .node { text-align: left; } .links .node small { font-weight: 400; }
.links .link { min-width: 62px; text-align: center; color: var(--good); } .links .broken { color: var(--bad); border-color: var(--bad); font-weight: 600; }
.links span { font-size: 13px; } .role-is-down, .role-is-paused { color: var(--bad); } .role-is-primary { font-weight: 600; color: var(--accent); }
[data-orders] [data-node], [data-orders] [data-from][data-to] { cursor: pointer; } #live-topology .topology { margin: 0; }
dialog { color: var(--ink); background: var(--ground); border: 1px solid var(--line); border-radius: 6px; padding: 14px 18px; width: min(420px, calc(100vw - 24px)); }
dialog::backdrop { background: #0006; } dialog h2 { margin: 0 0 8px; padding: 0; border: 0; }
dialog label { display: grid; grid-template-columns: 150px 1fr; gap: 8px; align-items: center; margin: 6px 0; font-size: 14px; } dialog label small { grid-column: 2; }
dialog select, dialog input { font: 14px system-ui, sans-serif; padding: 4px 6px; color: var(--ink); background: var(--raised); border: 1px solid var(--line); border-radius: 4px; width: 100%; }
dialog .buttons { display: flex; gap: 8px; justify-content: flex-end; margin: 12px 0 0; } dialog .said { min-height: 1.5em; margin: 8px 0 0; font-size: 13px; } dialog .said.bad { color: var(--bad); }
dialog pre { margin: 8px 0 0; }
@media (max-width: 560px) { dialog label { grid-template-columns: 1fr; } dialog label small { grid-column: 1; } }
`;
