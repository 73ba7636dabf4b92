import { expect, it } from 'vitest';
import { RoleTimeline } from './role-timeline.ts';

const told = (timeline: RoleTimeline, end = 100) =>
  timeline.spans(end).map(({ node, role, from, to }) => `${node} ${role} ${from}-${to}`);

it('is down until something is known, and ends with the run', () => {
  const timeline = new RoleTimeline(['a', 'b']);
  timeline.told('a', 'primary', 10);
  timeline.told('a', 'primary', 20);
  expect(told(timeline)).toEqual(['a down 0-10', 'a primary 10-100', 'b down 0-100']);
  expect(timeline.current('a')).toBe('primary');
  expect(timeline.current('nobody')).toBe('unknown');
});

it('puts what it learns late where it belongs', () => {
  const timeline = new RoleTimeline(['a']);
  timeline.told('a', 'replica', 10);
  timeline.change('a', 'down', 50);
  timeline.change('a', 'primary', 30);
  expect(told(timeline)).toEqual(['a down 0-10', 'a replica 10-30', 'a primary 30-50', 'a down 50-100']);
});

it('takes no answer for later than the last change that is known exactly', () => {
  const timeline = new RoleTimeline(['a']);
  timeline.change('a', 'replica', 10);
  timeline.change('a', 'primary', 40);
  timeline.told('a', 'replica', 39);
  // The log said 40, which may have been 40.9.
  timeline.told('a', 'replica', 40.5);
  expect(told(timeline)).toEqual(['a down 0-10', 'a replica 10-40', 'a primary 40-100']);
});

it('clamps times from before the run', () => {
  const timeline = new RoleTimeline(['a']);
  timeline.change('a', 'primary', -0.4);
  expect(told(timeline)).toEqual(['a primary 0-100']);
});

it('keeps a stopped node paused whatever is told, and gives its role back', () => {
  const timeline = new RoleTimeline(['a']);
  timeline.told('a', 'primary', 10);
  timeline.paused('a', true, 20);
  timeline.told('a', 'primary', 25);
  timeline.paused('a', false, 60);
  timeline.change('a', 'replica', 70);
  expect(told(timeline)).toEqual([
    'a down 0-10',
    'a primary 10-20',
    'a paused 20-60',
    'a primary 60-70',
    'a replica 70-100',
  ]);
});

it('does not raise a node that died while it was stopped', () => {
  const timeline = new RoleTimeline(['a']);
  timeline.told('a', 'primary', 10);
  timeline.paused('a', true, 20);
  timeline.change('a', 'down', 30);
  timeline.paused('a', false, 40);
  expect(told(timeline)).toEqual(['a down 0-10', 'a primary 10-20', 'a paused 20-30', 'a down 30-100']);
  timeline.told('a', 'replica', 50);
  expect(timeline.current('a')).toBe('replica');
});
