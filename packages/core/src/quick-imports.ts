import { registerHooks, type ResolveFnOutput } from 'node:module';

const resolved = new Map<string, ResolveFnOutput>();

/**
 * Node parses the whole `exports` of a package for every import of it and inside it. Those of drizzle-orm are 180 KB, and it is imported some
 * hundred times: a third of the CPU time in which a process of ours loads. A name of it is resolved once, since the workspace has one version of it,
 * and its own files, all of them modules, name each other by their paths.
 */
registerHooks({
  resolve(specifier, context, next) {
    const importer = context.parentURL ?? '';
    if (specifier.startsWith('.') && importer.includes('/node_modules/drizzle-orm/')) {
      return { url: new URL(specifier, importer).href, format: 'module', shortCircuit: true };
    }
    if (!/^drizzle-orm(\/|$)/.test(specifier) || importer.includes('/node_modules/')) return next(specifier, context);
    const known = resolved.get(specifier) ?? next(specifier, context);
    resolved.set(specifier, known);
    return { ...known, shortCircuit: true };
  },
});
