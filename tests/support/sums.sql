-- Two lines, equal when all is well: number and sum of what was acknowledged,
-- and of what the ledger has booked.
SELECT count(*), coalesce(sum(amount), 0) FROM answer WHERE status = 201;
SELECT count(*), coalesce(sum(amount), 0) FROM ledger.transfer
WHERE starts_with(reference, :'prefix');
