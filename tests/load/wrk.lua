-- The load that scripts/bench makes, for wrk. Arguments after "--":
--   what       read redeem iw_read iw_create issue ca_read ca_read_xml
--              ca_spend ca_spend_xml cp_read cp_pair
--   run        letters and digits that no other run has used: idempotency
--              keys begin with it
--   cards      cards of each tenant; 0: always the first card
--   keys       file with a line a tenant: API key, login, password
--   tenants    how many of its lines take part
-- and the number of connections in $BENCH_CONNECTIONS. Says in one line of JSON how it went.
-- cp_pair wants a thread for each connection, and counts pairs of requests.

local ffi = require("ffi")
local what, run, cards
local callers = {}
local count = 0

-- Same as ledger code number i of scripts/bench.
local function code(i)
	return string.format("%d", 1000000000 + (i * 7368787) % 99999989)
end

local function any_card()
	return code(cards == 0 and 1 or math.random(cards))
end

local function any_caller()
	return callers[#callers == 1 and 1 or math.random(#callers)]
end

local function key()
	count = count + 1
	return run .. "-" .. count
end

local requests = {}

function requests.read()
	local c = any_caller()
	return wrk.format("GET", "/v1/cards/" .. any_card(), c.headers)
end

function requests.redeem()
	local c = any_caller()
	c.keyed["Idempotency-Key"] = key()
	return wrk.format("POST", "/v1/cards/" .. any_card() .. "/redemptions",
	    c.keyed, '{"value":{"amount":1,"currency":"EUR"}}')
end

function requests.issue()
	local c = any_caller()
	c.keyed["Idempotency-Key"] = key()
	return wrk.format("POST", "/v1/cards", c.keyed,
	    '{"programme":"gift","value":{"amount":10000,"currency":"EUR"}}')
end

function requests.iw_read()
	local c = any_caller()
	return wrk.format("GET", c.iwarehouse .. "&card=" .. any_card(), {})
end

function requests.iw_create()
	local c = any_caller()
	return wrk.format("GET", c.iwarehouse .. "&qty=100&expiresyears=3", {})
end

-- As PHP's http_build_query() writes them and its cURL sends them.
local function cardapp(action, format, more)
	local head = "&action=" .. action .. "&tip_response=" .. format ..
	    "&nr_card="
	return function()
		local c = any_caller()
		return wrk.format("POST", "/api/response.php", c.form,
		    c.cardapp .. head .. any_card() .. more())
	end
end

local function nothing()
	return ""
end

local function sale()
	count = count + 1
	return "&nr_puncte=1&valoare_reducere=1&suma=49.90" ..
	    "&detalii_incasare=Bon+fiscal+" .. count .. "%2C+comanda+%23" ..
	    count
end

requests.ca_read = cardapp("interogare_puncte", "json", nothing)
requests.ca_read_xml = cardapp("interogare_puncte", "xml", nothing)
requests.ca_spend = cardapp("cheltuire_puncte", "json", sale)
requests.ca_spend_xml = cardapp("cheltuire_puncte", "xml", sale)

-- A refusal of Cardapp has status 200 too: how its other answers begin.
local successes = {
	ca_read = '{"status":"success",',
	ca_read_xml = "<interogare_puncte_response><status>success<",
	ca_spend = '{"status":"success",',
	ca_spend_xml = "<cheltuire_puncte_response><status>success<",
}
local success
local threads = {}
refused = 0			-- of a thread; global for thread:get()
pairs_us = false		-- what each pair of a thread took, likewise

local function look(_, _, body)
	if body:sub(1, #success) ~= success then
		refused = refused + 1
	end
end

function requests.cp_read()
	local c = any_caller()
	return wrk.format("GET", "/Loyalty/" .. any_card() .. "/BalanceCheck",
	    c.keyed)
end

-- What CP Extender authorises is confirmed by the next request. wrk does not
-- tell which connection it asks for, but a thread with one connection sends
-- and receives in turn.
ffi.cdef([[
	struct bench_time { long s; long ns; };
	int clock_gettime(int clock, struct bench_time *);
]])
local time = ffi.new("struct bench_time")
local pair = {}			-- ref, begin, and code once authorised

local function now_us()
	ffi.C.clock_gettime(1, time)
	return tonumber(time.s) * 1e6 + tonumber(time.ns) / 1e3
end

-- wrk asks for one request at its start that it never sends: only an answer
-- makes the next one a Confirm.
function requests.cp_pair()
	local c = any_caller()
	if pair.code then
		pair.sent = true
		return wrk.format("POST", "/Authorize/Confirm", c.keyed,
		    '{"Ref":"' .. pair.ref .. '","AuthCode":"' .. pair.code ..
		    '"}')
	end
	pair = { ref = any_card(), begin = now_us() }
	return wrk.format("POST", "/Loyalty/Authorize", c.keyed,
	    '{"Type":"loyalty","Ref":"' .. pair.ref .. '","SaleId":"' ..
	    key() .. '","RequestedPoints":100}')
end

-- Those of status 400 and above are counted by wrk.
local function follow(status, _, body)
	if pair.sent then
		if status == 204 then
			pairs_us[#pairs_us + 1] =
			    math.floor(now_us() - pair.begin)
		elseif status < 400 then
			refused = refused + 1
		end
		pair = {}
		return
	end
	pair.code = status == 200 and body:match('"AuthCode":"(G%x+)"')
	if not pair.code and status < 400 then
		refused = refused + 1
	end
end

function init(args)
	local n
	what, run, cards = args[1], args[2], tonumber(args[3])
	n = tonumber(args[5])
	math.randomseed(os.time() * 1000 + tonumber(run:match("%d+") or 0) +
	    number)
	run = run .. "t" .. number
	for line in io.lines(args[4]) do
		local api_key, login, password =
		    line:match("^(%S+) (%S+) (%S+)$")
		callers[#callers + 1] = {
			headers = { Authorization = "Bearer " .. api_key },
			keyed = { Authorization = "Bearer " .. api_key,
			    ["Content-Type"] = "application/json" },
			iwarehouse = "/core/sales/cards/gift/gift_api.asp" ..
			    "?log=" .. login .. "&pwd=" .. password,
			form = { ["Accept"] = "*/*", ["Content-Type"] =
			    "application/x-www-form-urlencoded" },
			cardapp = "apikey=" .. password .. "&username=" ..
			    login:gsub("@", "%%40"),
		}
		if #callers == n then
			break
		end
	end
	request = requests[what]
	success = successes[what]
	if success then
		response = look
	elseif what == "cp_pair" then
		response = follow
		pairs_us = {}
	end
end

function setup(thread)
	threads[#threads + 1] = thread
	thread:set("number", #threads)
end

function request()
end

-- wrk adds made-up samples behind each slow one ("coordinated omission"), which
-- would hide a starving connection from the check rate x latency. Take them
-- out again: largest first, as wrk made them from what was measured.
local function measured(summary, latency)
	local each = math.floor(summary.requests / tonumber(os.getenv("BENCH_CONNECTIONS")))
	local interval = each > 0 and math.floor(summary.duration / each)
	local values, counts = {}, {}
	for i = 1, #latency do
		local v, n = latency(i)
		values[i] = v
		counts[v] = n
	end
	for i = interval and #values or 0, 1, -1 do
		local v = values[i]
		local m = v - interval
		while v >= 2 * interval and m > interval do
			counts[m] = counts[m] - counts[v]
			m = m - interval
		end
	end
	return values, counts
end

-- What each pair took, of all threads, in the same form; nil when the load is
-- not one of pairs.
local function paired()
	local values, counts = {}, {}
	for _, thread in ipairs(threads) do
		local all = thread:get("pairs_us")
		if not all then
			return nil
		end
		for _, v in ipairs(all) do
			if not counts[v] then
				values[#values + 1] = v
			end
			counts[v] = (counts[v] or 0) + 1
		end
	end
	table.sort(values)
	return values, counts
end

function done(summary, latency, _)
	local e = summary.errors
	for _, thread in ipairs(threads) do
		e.status = e.status + thread:get("refused")
	end
	local answered, max = summary.requests, latency.max
	local values, counts = paired()
	local of_pairs = values ~= nil
	if not of_pairs then
		values, counts = measured(summary, latency)
	end
	local n, sum, p50, p99 = 0, 0, 0, 0
	for _, v in ipairs(values) do
		sum = sum + v * counts[v]
		n = n + counts[v]
	end
	if of_pairs then
		answered, max = n, values[#values] or 0
	end
	local seen = 0
	for _, v in ipairs(values) do
		seen = seen + counts[v]
		if p50 == 0 and seen >= n * 0.50 then p50 = v end
		if p99 == 0 and seen >= n * 0.99 then p99 = v end
	end
	io.stderr:write(string.format('{"n":%d,"us":%d,"mean_us":%.1f,' ..
	    '"p50_us":%d,"p99_us":%d,"max_us":%d,"timed":%d,"refused":%d,' ..
	    '"connect":%d,"read":%d,"write":%d,"timeout":%d}\n',
	    answered, summary.duration, n > 0 and sum / n or 0,
	    p50, p99, max, n, e.status, e.connect, e.read, e.write,
	    e.timeout))
end
