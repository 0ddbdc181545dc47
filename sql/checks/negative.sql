-- Nothing is negative that must not be.
SELECT * FROM ledger.purse
WHERE balance < floor OR held < 0 OR (floor = 0 AND balance < held)
