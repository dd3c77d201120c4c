import fc from 'fast-check';

// One seed for every run, so that a failure can be repeated; another one is a variable away.
fc.configureGlobal({ seed: Number(process.env.CHAPERONE_SEED ?? 7) });
