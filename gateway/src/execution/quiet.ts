// Written, not read: it is the only switch that @apollo/gateway has. Imported before their first module, so that nothing is ever sent.
process.env['APOLLO_TELEMETRY_DISABLED'] = 'true';
