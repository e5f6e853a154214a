-- KEYS: lock, holder. ARGV: run, milliseconds, who.
-- Taken when it is free or the run's own. What another program keeps under these keys is left alone.
local kind = redis.call('TYPE', KEYS[1]).ok
if kind ~= 'none' and kind ~= 'string' then
    return {'foreign', KEYS[1], kind}
end
local holder_kind = redis.call('TYPE', KEYS[2]).ok
local there = redis.call('GETRANGE', KEYS[1], 0, 64)
if kind == 'string' and there ~= ARGV[1] then
    return {'held', there, holder_kind == 'string' and redis.call('GETRANGE', KEYS[2], 0, 255) or ''}
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
if holder_kind == 'none' or holder_kind == 'string' then
    redis.call('SET', KEYS[2], ARGV[3], 'PX', ARGV[2])
end
return {'ok'}
