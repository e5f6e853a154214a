-- KEYS: lock, holder. ARGV: run.
-- Compares and deletes in one step: between two, the lock could pass to another run.
if redis.call('TYPE', KEYS[1]).ok ~= 'string' or redis.call('GETRANGE', KEYS[1], 0, 64) ~= ARGV[1] then
    return {'lost'}
end
redis.call('DEL', KEYS[1])
if redis.call('TYPE', KEYS[2]).ok == 'string' then
    redis.call('DEL', KEYS[2])
end
return {'ok'}
