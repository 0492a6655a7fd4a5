#define CAF_SUITE cron

#include "services/cron/next_cron.hpp"
#include "tests/support/must.hpp"

using namespace darkroom;
using namespace std::chrono;

namespace {

/// A time of UTC: at("2026-03-29 01:30").
int64_t at(const char* text) {
  int y = 0;
  unsigned mo = 0, d = 0, h = 0, mi = 0;
  std::sscanf(text, "%d-%u-%u %u:%u", &y, &mo, &d, &h, &mi);
  sys_days date{year{y} / month{mo} / day{d}};
  return milliseconds{date.time_since_epoch() + hours{h} + minutes{mi}}.count();
}

void follows(const char* pattern, const char* zone, const char* from,
             std::initializer_list<const char*> expected) {
  auto moment = at(from);
  for (const auto* next : expected) {
    moment = must(next_cron(pattern, zone, moment));
    CAF_CHECK_EQUAL(moment, at(next));
  }
}

} // namespace

CAF_TEST(a moment that matches is behind itself) {
  follows("30 2 * * *", "UTC", "2026-01-01 02:29", {"2026-01-01 02:30"});
  follows("30 2 * * *", "UTC", "2026-01-01 02:30", {"2026-01-02 02:30"});
  CAF_CHECK_EQUAL(must(next_cron("* * * * * *", "UTC", 999)), 1000);
  CAF_CHECK_EQUAL(must(next_cron("* * * * * *", "UTC", 1000)), 2000);
}

CAF_TEST(fields are lists of numbers and names and ranges and steps) {
  follows("5-20/5,40 * * * *", "UTC", "2026-01-01 00:10",
          {"2026-01-01 00:15", "2026-01-01 00:20", "2026-01-01 00:40",
           "2026-01-01 01:05"});
  follows("0 0 1 jan-MAR,12 *", "UTC", "2026-01-15 00:00",
          {"2026-02-01 00:00", "2026-03-01 00:00", "2026-12-01 00:00"});
  follows("50/5 23 ? * ?", "UTC", "2026-01-01 00:00",
          {"2026-01-01 23:50", "2026-01-01 23:55", "2026-01-02 23:50"});
  follows("@weekly", "UTC", "2026-01-01 00:00", {"2026-01-04 00:00"});
}

CAF_TEST(of a day and a weekday either will do) {
  follows("0 0 13 * 5", "UTC", "2026-01-09 00:00",
          {"2026-01-13 00:00", "2026-01-16 00:00"});
  follows("0 0 * * 7", "UTC", "2026-01-01 00:00", {"2026-01-04 00:00"});
}

CAF_TEST(days are counted from the end of the month or by weeks) {
  follows("0 0 L * *", "UTC", "2028-01-31 00:00",
          {"2028-02-29 00:00", "2028-03-31 00:00"});
  follows("0 0 * * 5L", "UTC", "2026-01-01 00:00",
          {"2026-01-30 00:00", "2026-02-27 00:00"});
  follows("0 0 * * MON#5", "UTC", "2026-01-01 00:00",
          {"2026-03-30 00:00", "2026-06-29 00:00"});
}

CAF_TEST(a working day is the nearest one of the same month) {
  follows("0 0 15W * *", "UTC", "2026-02-01 00:00",
          {"2026-02-16 00:00", "2026-03-16 00:00", "2026-04-15 00:00"});
  follows("0 0 1W * *", "UTC", "2026-07-15 00:00",
          {"2026-08-03 00:00", "2026-09-01 00:00"});
  follows("0 0 LW * *", "UTC", "2026-01-01 00:00",
          {"2026-01-30 00:00", "2026-02-27 00:00", "2026-03-31 00:00"});
  follows("0 0 31W * *", "UTC", "2026-05-01 00:00",
          {"2026-05-29 00:00", "2026-07-31 00:00"});
}

CAF_TEST(a time that the clock leaves out comes as much later) {
  follows("30 2 * * *", "Europe/Berlin", "2026-03-28 12:00",
          {"2026-03-29 01:30", "2026-03-30 00:30"});
  follows("15 1-4 * * *", "Europe/Berlin", "2026-03-28 20:00",
          {"2026-03-29 00:15", "2026-03-29 01:15", "2026-03-29 02:15"});
  follows("30 0 * * *", "America/Santiago", "2026-09-05 12:00",
          {"2026-09-07 03:30"});
}

CAF_TEST(a time that comes twice counts once unless every hour does) {
  follows("30 2 * * *", "Europe/Berlin", "2026-10-24 20:00",
          {"2026-10-25 00:30", "2026-10-26 01:30"});
  follows("30 * * * *", "Europe/Berlin", "2026-10-25 00:00",
          {"2026-10-25 00:30", "2026-10-25 01:30", "2026-10-25 02:30"});
}

CAF_TEST(zones are names of the tz database or offsets) {
  follows("0 8 * * *", "europe/berlin", "2026-01-01 00:00",
          {"2026-01-01 07:00"});
  follows("0 8 * * *", "UTC+3", "2026-01-01 00:00", {"2026-01-01 05:00"});
  follows("0 8 * * *", "UTC-5:30", "2026-01-01 00:00", {"2026-01-01 13:30"});
  CAF_CHECK(must(next_cron("* * * * *", "", 0)) > 0);
  CAF_CHECK(has(refused(next_cron("* * * * *", "Moon", 0)).context, "Moon"));
}

CAF_TEST(a pattern that cannot be read is refused) {
  for (const auto* bad : {"",
                          "* * * *",
                          "* * * * * * *",
                          "60 * * * *",
                          "* 24 * * *",
                          "* * 0 * *",
                          "* * * 13 *",
                          "* * * * 8",
                          "a * * * *",
                          "1, * * * *",
                          "20-10 * * * *",
                          "*/0 * * * *",
                          "1/2/3 * * * *",
                          "1-2-3 * * * *",
                          "-1 * * * *",
                          "* * * * 1#6",
                          "* * * * #1",
                          "* * * * L",
                          "* * W * *",
                          "* * 32W * *",
                          "* L * * *",
                          "@never"})
    CAF_CHECK(refused(parse_cron(bad)).code == ec::bad_input);
  CAF_CHECK(
    has(refused(next_cron("@daily", "UTC", INT64_MAX)).context, "time"));
  CAF_CHECK(has(refused(next_cron("0 0 30 2 *", "UTC", 0)).context, "never"));
  follows("0 0 29 2 *", "UTC", "2097-01-01 00:00", {"2104-02-29 00:00"});
}
