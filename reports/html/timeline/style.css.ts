/** The timeline's styles. Areas differ by pattern, lines by their dashes, so that colour never stands alone. */
export const timelineStyle = `
.timeline { position: relative; }
.timeline h3 { margin: 14px 0 4px; font-size: 13px; color: var(--quiet); }
.timeline-head { position: sticky; top: 0; z-index: 2; background: var(--ground); padding: 4px 0 3px; border-bottom: 1px solid var(--line); margin-bottom: 6px; }
.timeline-tools { display: flex; flex-wrap: wrap; align-items: baseline; gap: 4px 14px; margin: 0 0 6px; font-size: 13px; } .timeline-tools[hidden], .overview[hidden] { display: none; }
.zoom-buttons { display: flex; flex-wrap: wrap; gap: 4px; } .zoom-buttons button { font: 13px/1.3 system-ui, sans-serif; min-width: 32px; min-height: 28px; padding: 3px 9px; color: var(--ink); background: var(--raised); border: 1px solid var(--line); border-radius: 4px; cursor: pointer; }
.shown-span { font-variant-numeric: tabular-nums; white-space: nowrap; } .moment-said { flex: 1 1 240px; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.zoom-hint { max-width: none; margin: 0 0 4px; font-size: 12px; } .by-touch { display: none; } kbd { font: 11px system-ui, sans-serif; padding: 0 4px; border: 1px solid var(--line); border-radius: 3px; }
@media (pointer: coarse) { .by-touch { display: inline; } .by-mouse { display: none; } .zoom-buttons button { min-height: 36px; min-width: 40px; } }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.timeline:focus-visible { outline: 2px solid var(--accent); outline-offset: 4px; } .timeline .plot { touch-action: pan-y; user-select: none; }
.overview .plot { cursor: pointer; touch-action: none; } .overview .lane-label { color: var(--quiet); font-size: 11px; } .overview-part { fill: var(--accent); fill-opacity: .12; stroke: var(--accent); }
.timeline-tools ~ .axis .plot { cursor: grab; } .zoomed .plot { overflow: hidden !important; } .dragged { position: absolute; top: 0; bottom: 0; background: var(--accent); opacity: .18; border-inline: 1px solid var(--ink); pointer-events: none; z-index: 1; } .dragged[hidden] { display: none; }
.lane { display: grid; grid-template-columns: 178px minmax(0, 1fr); gap: 0 12px; align-items: center; margin: 0 0 3px; }
.lane-label { font-size: 13px; line-height: 1.25; text-align: right; }
.lane-label small { font-size: 11px; }
.plot { display: block; width: 100%; background: var(--raised); border-radius: 2px; }
.axis .plot { background: none; overflow: visible; } .axis .lane-label { color: var(--quiet); font-size: 11px; }
.plot text { font: 12px system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
.plot .tick { fill: var(--quiet); font-size: 11px; }
.grid { fill: none; stroke: var(--grid); vector-effect: non-scaling-stroke; } .scaled { overflow: visible; } .fits-zoomed { display: none; } .fault-shade { fill: var(--shade); }
.phase { fill: var(--raised); stroke: var(--line); } .in-bar { fill: var(--ink); }
.fault-proved { fill: #b84f00; } .plot .fault-proved-text { fill: #fff; font-weight: 600; } 
.fault-unproved { fill: url(#p-unproved); stroke: var(--vermilion); } .p-unproved-ground { fill: var(--ground); } .p-unproved-lines { stroke: var(--vermilion); }
.plot .fault-unproved-text, .plot .unserved-text, .plot .owner-most-text, .plot .owner-few-text, .plot .role-replica-text, .plot .role-down-text, .plot .role-paused-text, .plot .role-loading-text { fill: var(--ink); paint-order: stroke; stroke: var(--ground); stroke-width: 4px; stroke-linejoin: round; }
.role-primary { fill: #0072b2; } .plot .role-primary-text { fill: #fff; font-weight: 600; }
.role-replica { fill: url(#p-replica); stroke: var(--sky); } .p-replica-ground { fill: var(--ground); } .p-replica-lines { stroke: var(--sky); stroke-width: 1.2; }
.role-down { fill: url(#p-down); stroke: var(--vermilion); } .p-down-ground { fill: var(--ground); } .p-down-lines { stroke: var(--vermilion); stroke-width: 1.2; }
.role-paused { fill: url(#p-paused); stroke: var(--orange); } .p-paused-ground { fill: var(--ground); } .p-paused-lines { stroke: var(--orange); stroke-width: 2; }
.role-loading { fill: url(#p-loading); stroke: var(--quiet); } .p-loading-ground { fill: var(--ground); } .p-loading-lines { stroke: var(--quiet); stroke-width: 2; }
.role-unknown { fill: none; stroke: var(--quiet); stroke-dasharray: 3 3; }
.reach-none { fill: #b84f00; } .plot .reach-none-text { fill: #fff; font-weight: 600; } .reach-cut { fill: url(#p-unproved); stroke: var(--vermilion); } .reach-bus { fill: url(#p-unproved); stroke: var(--vermilion); stroke-dasharray: 4 3; } .reach-slowed, .reach-reset { fill: url(#p-paused); stroke: var(--orange); } .reach-replication { fill: url(#p-loading); stroke: var(--quiet); }
.plot .reach-cut-text, .plot .reach-bus-text, .plot .reach-slowed-text, .plot .reach-reset-text, .plot .reach-replication-text { font-size: 11px; fill: var(--ink); paint-order: stroke; stroke: var(--ground); stroke-width: 4px; stroke-linejoin: round; }
.served { fill: var(--green); } .unserved { fill: url(#p-unserved); stroke: var(--vermilion); } .p-unserved-ground { fill: var(--ground); } .p-unserved-lines { stroke: var(--vermilion); stroke-width: 1.2; }
.owner-all { fill: #0072b2; } .plot .owner-all-text { fill: #fff; font-weight: 600; } .owner-most { fill: url(#p-most); stroke: var(--accent); } .p-most-ground { fill: var(--ground); } .p-most-lines { stroke: var(--accent); stroke-width: 3; }
.owner-few { fill: url(#p-few); stroke: var(--orange); } .p-few-ground { fill: var(--ground); } .p-few-lines { stroke: var(--orange); stroke-width: 2; } .two-owners { fill: var(--pink); } .plot .two-owners-text { fill: #16191d; }
.disagreements { padding-left: 1.2em; max-width: 90ch; } .disagreements li { margin-bottom: 8px; } .lane .note { margin: 0; font-size: 12px; }
.event { fill: var(--ground); stroke: var(--ink); stroke-width: 1.5; } .event-stem { stroke: var(--ink); opacity: .25; } .plot .event-number { font-size: 11px; font-weight: 600; fill: var(--ink); }
.events { margin: 2px 0 8px; padding-left: 1.7em; font-size: 13px; columns: 2 340px; column-gap: 28px; } .events li { break-inside: avoid; }
.outage { fill: var(--orange); } .plot .outage-text { fill: #16191d; font-size: 11px; }
.plot:has(.event) { overflow: visible; }
.by span { display: inline-block; max-width: 100%; }
.ok { fill: var(--sky); } .lag { fill: var(--orange); } .fail, .info, .p50, .p99, .slowest { fill: none; vector-effect: non-scaling-stroke; }
.fail { stroke: var(--vermilion); stroke-width: 2; } .info { stroke: var(--pink); stroke-width: 2; stroke-dasharray: 4 2; }
.p50 { stroke: var(--ink); stroke-width: 1.25; } .p99 { stroke: var(--vermilion); stroke-width: 1.5; stroke-dasharray: 5 2; } .slowest { stroke: var(--quiet); stroke-dasharray: 1.5 2.5; }
.heat-1, .heat-2, .heat-3, .heat-4, .heat-5 { fill: var(--accent); } .heat-1 { fill-opacity: .14; } .heat-2 { fill-opacity: .28; } .heat-3 { fill-opacity: .45; } .heat-4 { fill-opacity: .65; } .heat-5 { fill-opacity: .9; }
.queries { fill: var(--green); fill-opacity: .75; } .hit-rate { fill: none; stroke: var(--accent); stroke-width: 1.75; vector-effect: non-scaling-stroke; }
.kind-0 { fill: var(--vermilion); } .kind-1 { fill: #0072b2; } .kind-2 { fill: var(--orange); } .kind-3 { fill: var(--green); } .kind-4 { fill: var(--pink); } .kind-5 { fill: var(--sky); } .kind-6 { fill: var(--quiet); }
.key { display: block; font-size: 11px; line-height: 1.45; color: var(--quiet); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; } .key svg { margin-right: 5px; vertical-align: -1px; }
.cause-0 { fill: var(--vermilion); } .cause-1 { fill: url(#p-cause1); } .cause-2 { fill: url(#p-cause2); } .cause-3 { fill: url(#p-cause3); } .cause-4 { fill: url(#p-cause4); } .cause-5 { fill: url(#p-cause5); }
[class^="p-cause"][class$="-ground"] { fill: var(--ground); } [class^="p-cause"][class$="-lines"] { stroke-width: 2; }
.p-cause1-lines { stroke: var(--accent); } .p-cause2-lines { stroke: var(--green); } .p-cause3-lines { stroke: var(--pink); } .p-cause4-lines { stroke: var(--orange); } .p-cause5-lines { stroke: var(--quiet); }
.patterns { position: absolute; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 3px 18px; margin: 0 0 12px; padding: 0; font-size: 12px; color: var(--quiet); } .legend svg { vertical-align: -2px; margin-right: 6px; }
.cursor { position: absolute; top: 0; bottom: 0; width: 0; border-left: 1px dashed var(--ink); pointer-events: none; } .cursor span { position: sticky; display: block; width: max-content; margin-left: 4px; font-size: 11px; padding: 0 4px; background: var(--ground); border: 1px solid var(--line); border-radius: 3px; white-space: nowrap; } .cursor.flip span { transform: translateX(calc(-100% - 9px)); }
@media screen and (max-width: 700px) { .lane { grid-template-columns: minmax(0, 1fr); } .lane-label { text-align: left; margin-top: 5px; } .lane-label small { display: inline; margin-left: 8px; } .axis .lane-label { display: none; } .events { columns: 1; } }
@media (max-width: 1190px) { .fits-960 { display: none; } } @media (max-width: 990px) { .fits-760 { display: none; } } @media (max-width: 600px) { .fits-560 { display: none; } }
@media (max-width: 480px) { .tick.odd { display: none; } }
@media print { section:has(> .timeline) { break-before: page; } .legend { font-size: 9px; gap: 1px 12px; } .timeline-head { position: static; border: 0; margin: 0; } .zoom-hint { display: none; } .timeline-tools, .overview { display: none; } .disagreements li { break-inside: avoid; } .lane { grid-template-columns: 120px minmax(0, 1fr); } .lane-label, .events { font-size: 10px; } .lane-label small, .key { font-size: 9px; } }
`;
