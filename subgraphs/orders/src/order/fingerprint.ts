import { createHash } from 'node:crypto';

interface Ordered {
  readonly currency: string;
  readonly lines: readonly {
    readonly quantity: number;
    readonly unitPrice: bigint;
    readonly sku: string | null;
    readonly name: string;
    readonly productId: string | null;
    readonly variantId: string | null;
  }[];
}

/**
 * The same number for the same things in the same quantities at the same price, in whatever order they are listed; for others almost certainly
 * another. It says nothing of who ordered.
 */
export function fingerprintOf({ currency, lines }: Ordered, total: bigint): bigint {
  const listed = lines
    .filter(({ quantity }) => quantity > 0)
    .map((line) => JSON.stringify([line.sku, line.name, line.productId, line.variantId, line.quantity, line.unitPrice.toString()]))
    .toSorted();
  const digest = createHash('sha256')
    .update(JSON.stringify([currency, total.toString(), ...listed]))
    .digest();
  return digest.readBigInt64BE();
}
