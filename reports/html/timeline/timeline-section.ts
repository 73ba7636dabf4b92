import type { FaultWindow } from '../../../lab/history/observations.ts';
import type { SeriesDetail } from '../../../lab/history/series-detail.ts';
import type { RunDocument } from '../../data/run-document.ts';
import { dataBlock, html, type Markup } from '../markup.ts';
import { seconds } from '../units.ts';
import { type Axis, axisOf, axisRow } from './axis.ts';
import { coverageLanes } from './coverage-lanes.ts';
import { decisionsOf } from './decisions.ts';
import { errorLane, errorTable } from './error-lane.ts';
import { eventLane, eventTable } from './event-lane.ts';
import { faultLanes, faultTable } from './fault-lanes.ts';
import { findingGroups } from './finding-groups.ts';
import { findingLanes, findingTables } from './finding-lanes.ts';
import { hitRateLanes, hitRateTable } from './hit-rate-lanes.ts';
import { lagLane } from './lag-lane.ts';
import { bar, type Frame, lane } from './lane.ts';
import { latencyLanes } from './latency-lanes.ts';
import { legend, patterns } from './legend.ts';
import { ownershipLanes } from './ownership-lanes.ts';
import { packDetail } from './packed-detail.ts';
import { queryLanes, queryTable } from './query-lane.ts';
import { reachOf } from './reach.ts';
import { reachLanes, reachTable } from './reach-lanes.ts';
import { roleLanes, roleTable } from './role-lanes.ts';
import { groupLimit, throughputLanes, throughputTables } from './throughput-lanes.ts';
import { type TimelineMoment, timelineTools, zoomHint } from './timeline-tools.ts';

/** What happened when: everything on one time axis, with a table behind each picture. */
export function timelineSection(document: RunDocument): Markup {
  const { seen, series, checks, ownership } = document;
  if (seen.durationMs <= 0) {
    return html`<section id="timeline"><h2>Timeline</h2><p class="empty">Nothing was recorded: the run ended before anything happened.</p></section>`;
  }
  const faults = namedFaults(document);
  const tables = [
    faultTable(faults),
    roleTable(seen),
    reachTable(reachOf(document)),
    eventTable(seen.events),
    findingTables(findingGroups(checks, ownership !== undefined)),
    errorTable(series),
    throughputTables(series),
    queryTable(seen.metrics ?? [], seen.durationMs),
    hitRateTable(seen.metrics ?? [], seen.durationMs),
  ];
  return html`<section id="timeline"><h2>Timeline</h2>${patterns()}${legend([document])}
${lanesOn(document, axisOf(seen.durationMs))}
<p class="quiet on-paper">The tables behind these pictures and the configurations are not printed unless they are opened first.</p>${tables}</section>`;
}

/** All lanes of a run, on its own axis or on one that it shares with others. */
export function lanesOn(document: RunDocument, axis: Axis): Markup {
  const { seen, series, checks, ownership } = document;
  const frame: Frame = { axis, faults: namedFaults(document) };
  const groups = findingGroups(checks, ownership !== undefined);
  const zeroMs = axis.fromMs - axis.leftMs;
  const moments = namedMoments(frame, seen).map(({ at, text }) => ({ at: at - zeroMs, text }));
  return html`<div class="timeline" role="group" aria-label="Timeline" data-left="${axis.leftMs}" data-length="${axis.lengthMs}" data-zero="${zeroMs}"${faultSpan(frame, zeroMs)}>${zoomHint()}<div class="timeline-head">${timelineTools(frame, series, moments)}${axisRow(frame.axis)}</div>${phaseLane(frame, document)}${faultLanes(frame)}
${seen.nodes.length > 0 ? html`<h3>Which role each node believed to have</h3>` : null}${roleLanes(frame, seen)}${reachLanes(frame, reachOf(document))}${slotLanes(frame, ownership)}${eventLane(frame, seen)}
${groups.length > 0 ? html`<h3>What the checks found; a lost write stands where it was acknowledged</h3>` : null}${findingLanes(frame, groups)}
${series.groups.length > 0 ? html`<h3>Lag, load and latency</h3>` : html`<p class="empty">No client recorded anything.</p>`}${lagLane(frame, seen.samples)}${errorLane(frame, series)}${throughputLanes(frame, series, seen.loads)}${latencyLanes(frame, series)}${queryLanes(frame, seen.metrics ?? [])}${hitRateLanes(frame, seen.metrics ?? [])}
${axisRow(frame.axis)}<div class="cursor" hidden><span></span></div>${series.detail ? dataBlock('timeline-detail', { durationMs: seen.durationMs, detail: packDetail(drawnDetail(series.detail)) }) : null}</div>`;
}

/** What the page's script draws anew when it zooms: the groups that have lanes. */
function drawnDetail(detail: SeriesDetail): SeriesDetail {
  return { ...detail, groups: detail.groups.slice(0, groupLimit) };
}

/** From the first fault's injection to the last one's end, for the button that shows it. */
function faultSpan({ axis, faults }: Frame, zeroMs: number): Markup | null {
  if (faults.length === 0) return null;
  const from = Math.min(...faults.map(({ injectedAt }) => injectedAt)) - zeroMs;
  const ends = faults.map(({ recoveredAt, healedAt }) => recoveredAt ?? healedAt ?? axis.durationMs);
  return html` data-fault="${from} ${Math.max(...ends) - zeroMs}"`;
}

/** What somebody steps through from event to event: faults, heals and decisions, oldest first. */
function namedMoments({ faults }: Frame, seen: RunDocument['seen']): TimelineMoment[] {
  const ofFaults = faults.flatMap(({ text, injectedAt, provedAt, healedAt, recoveredAt }) =>
    (
      [
        [injectedAt, `begins: ${text}`],
        [provedAt, `proved: ${text}`],
        [healedAt, `is healed: ${text}`],
        [recoveredAt, `heal proved: ${text}`],
      ] as const
    ).flatMap(([at, words]) => (at === null ? [] : [{ at, text: words }])),
  );
  const all = [...ofFaults, ...decisionsOf(seen).map(({ at, text }) => ({ at, text }))];
  return all.sort((a, b) => a.at - b.at).map(({ at, text }) => ({ at, text: `${seconds(at)} ${text}` }));
}

/** The faults, with what runs on a host beside its name: "isolate host-1" alone does not say which node that hits. */
function namedFaults({ seen, hosts }: RunDocument): readonly FaultWindow[] {
  const nodesOn = new Map(
    hosts.map(({ name, processes }) => [name, processes.filter((process) => seen.nodes.includes(process))]),
  );
  return seen.faults.map((fault) => ({
    ...fault,
    text: fault.text.replace(/[\w-]+/g, (word) => {
      const nodes = nodesOn.get(word) ?? [];
      return nodes.length === 0 ? word : `${word} (${nodes.join(', ')})`;
    }),
  }));
}

function slotLanes(frame: Frame, ownership: RunDocument['ownership']): Markup {
  if (ownership === undefined) return html``;
  return html`<h3>Which slots were served, and who owned them according to whom</h3>${coverageLanes(frame, ownership)}${ownershipLanes(frame, ownership)}`;
}

function phaseLane(frame: Frame, { phases }: RunDocument): Markup {
  if (phases.length === 0) return html``;
  const title = (name: string, from: number, to: number) => `${name}: ${seconds(from)} to ${seconds(to)}`;
  return lane(frame, {
    label: 'phase',
    describe: phases.map((p) => title(p.name, p.from, p.to)).join(', '),
    heightPx: 24,
    content: phases.map(({ name, from, to }) =>
      bar(frame.axis, {
        from,
        to,
        className: 'phase',
        y: 2,
        heightPx: 20,
        text: name,
        title: title(name, from, to),
      }),
    ),
  });
}
