import type { SubgraphSdls } from '../compose.ts';
import { interfaceObjectRequirements, interfaceObjects } from './interface-objects.ts';
import { keys } from './keys.ts';
import { media } from './media.ts';
import { requirements } from './requirements.ts';
import { roots } from './roots.ts';
import { shop } from './shop.ts';
import { values } from './values.ts';

export const supergraphs: Readonly<Record<string, SubgraphSdls>> = {
  shop,
  keys,
  media,
  interfaceObjects,
  interfaceObjectRequirements,
  roots,
  requirements,
  values,
};
