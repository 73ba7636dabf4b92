import type { CatalogueJourney } from '../journeys.ts';
import { think } from './recorder.ts';
import type { Step, Traveller } from './traveller.ts';
import { zipf } from './zipf.ts';

const dearestCents = 100_000;

/** Looks at a product, or sets its price. */
export function browsing({ journey, random, shop }: Traveller<CatalogueJourney>): Step {
  const product = zipf(journey.products, journey.exponent, random);
  return () => {
    if (random() < journey.updateShare) shop.update(product(), 1 + Math.floor(random() * dearestCents));
    else shop.view(product());
    think(journey.thinkMs, random);
  };
}
