-- KEYS: status, progress, last_run, detail, lock.
-- ARGV: epoch, status, progress, last run or '', detail, run or '', milliseconds that an epoch is remembered.
-- A publisher of an older epoch is ignored, unless its run has the lock: then the store was replaced by one that counts
-- anew. One that knows of no last run leaves the one that is there.
for i = 1, 4 do
    local kind = redis.call('TYPE', KEYS[i]).ok
    if kind ~= 'none' and kind ~= 'string' then
        return {'foreign', KEYS[i], kind}
    end
end
local epoch = string.match(redis.call('GETRANGE', KEYS[4], 0, 63), '^{"epoch":(%d+)')
if epoch and #epoch <= 15 and tonumber(epoch) > tonumber(ARGV[1]) then
    local holds = ARGV[6] ~= '' and redis.call('TYPE', KEYS[5]).ok == 'string'
        and redis.call('GETRANGE', KEYS[5], 0, 64) == ARGV[6]
    if not holds then
        return {'older'}
    end
end
redis.call('SET', KEYS[1], ARGV[2])
redis.call('SET', KEYS[2], ARGV[3])
if ARGV[4] ~= '' then
    redis.call('SET', KEYS[3], ARGV[4])
end
redis.call('SET', KEYS[4], ARGV[5], 'PX', ARGV[7])
return {'ok'}
