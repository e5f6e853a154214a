-- KEYS: bucket. ARGV: tokens a minute, burst, cost.
-- A level counts in parts of a token of which the bucket gains ARGV[1] each microsecond of the server's clock. A bucket
-- that is full is forgotten, and one that is not there, or holds junk, is full. When the clock went back it counts from
-- now on.
local kind = redis.call('TYPE', KEYS[1]).ok
if kind ~= 'none' and kind ~= 'hash' then
    return {'foreign', KEYS[1], kind}
end
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
local rate, token = tonumber(ARGV[1]), 60000000
local full, cost = tonumber(ARGV[2]) * token, tonumber(ARGV[3]) * token
local kept = redis.call('HMGET', KEYS[1], 'level', 'at')
local level, at = tonumber(kept[1] or 'none'), tonumber(kept[2] or 'none')
if not level or not at or not (level >= 0 and level <= full) then
    level, at = full, now
end
if now > at then
    level = math.min(full, level + (now - at) * rate)
end
local wait = 0
if level >= cost then
    level = level - cost
else
    wait = math.ceil((cost - level) / (rate * 1000))
end
redis.call('HSET', KEYS[1], 'level', string.format('%.0f', level), 'at', string.format('%.0f', now))
redis.call('PEXPIRE', KEYS[1], string.format('%.0f', math.ceil((full - level) / (rate * 1000)) + 1000))
return {'ok', wait}
