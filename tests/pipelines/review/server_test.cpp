#include "pipelines/deid/review/server/assets.hpp"
#include "pipelines/deid/review/server/gate.hpp"
#include "pipelines/deid/review/server/server.hpp"
#include "tests/pipelines/review/fake_desk.hpp"
#include "tests/support/scratch.hpp"
#include <arpa/inet.h>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>
#include <sys/socket.h>
#include <unistd.h>

// Who gets an answer from the page's server, and what an attacker gets.
namespace deid::review::page::test {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string value_after(const std::string& text, const std::string& before, char until) {
  const std::size_t begin = text.find(before);
  if (begin == std::string::npos)
    return {};
  return text.substr(begin + before.size(), text.find(until, begin + before.size()) - begin - before.size());
}

class ReviewServer : public testing::Test {
protected:
  explicit ReviewServer(const ServerOptions& options = {}) : server(desk, options) {}
  ~ReviewServer() override {
    desk.session->hold = false;
    server.stop();
    thread.join();
  }
  void SetUp() override {
    address = server.address();
    origin = "http://127.0.0.1:" + std::to_string(server.port());
    for (int tries = 0; tries < 500 && !client.Get("/"); ++tries)
      usleep(10'000);
  }
  /// The first visit with the token: what the browser then has.
  void visit() {
    const auto first = client.Get("/" + address.substr(address.find('?')));
    ASSERT_TRUE(first);
    ASSERT_EQ(first->status, 200);
    set_cookie = first->get_header_value("Set-Cookie");
    cookie = set_cookie.substr(0, set_cookie.find(';'));
    key = value_after(first->body, "name=\"deid-key\" content=\"", '"');
    ASSERT_EQ(key.size(), 64);
  }
  httplib::Headers mine() const { return {{"Cookie", cookie}, {"X-Deid-Key", key}, {"Origin", origin}}; }
  /// The same with one header of another value; an empty value leaves it out.
  httplib::Headers with(const std::string& name, const std::string& value) const {
    httplib::Headers headers = mine();
    headers.erase(name);
    if (!value.empty())
      headers.emplace(name, value);
    return headers;
  }
  int status_of(const std::string& path, const httplib::Headers& headers) {
    const auto answer = client.Get(path, headers);
    return answer ? answer->status : -1;
  }
  int post(const std::string& path, const std::string& body, const httplib::Headers& headers,
           const char* type = "application/json") {
    const auto answer = client.Post(path, headers, body, type);
    last = answer ? answer->body : "";
    return answer ? answer->status : -1;
  }
  /// Sends bytes as they are, and returns what comes back.
  std::string raw(const std::string& bytes) const {
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<std::uint16_t>(server.port()));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    std::string answer;
    if (connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0 &&
        send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL) > 0) {
      const timeval patience{.tv_sec = 30,
                             .tv_usec = 0}; // newer httplib waits for the body before it answers
      setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
      char part[4096];
      for (ssize_t n = 0; (n = read(fd, part, sizeof part)) > 0;)
        answer.append(part, static_cast<std::size_t>(n));
    }
    close(fd);
    return answer;
  }

  FakeDesk desk{};
  Server server;
  std::thread thread{[this] { server.run(); }};
  httplib::Client client{"127.0.0.1", server.port()};
  std::string address{}, origin{}, set_cookie{}, cookie{}, key{}, last{};
};

TEST_F(ReviewServer, TheTokenWorksOnce) {
  visit();
  const auto again = client.Get("/" + address.substr(address.find('?')));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->status, 403);
  EXPECT_THAT(again->body, Not(HasSubstr(key)));
  EXPECT_EQ(again->get_header_value("Set-Cookie"), "");
}

TEST_F(ReviewServer, ARepeatedFirstVisitOfTheSameBrowserGetsThePageButNoKey) {
  visit();
  const auto again = client.Get("/" + address.substr(address.find('?')), {{"Cookie", cookie}});
  ASSERT_TRUE(again);
  EXPECT_EQ(again->status, 200);
  EXPECT_THAT(again->body, Not(HasSubstr(key)));
}

TEST_F(ReviewServer, AWrongOrMissingTokenGetsNothing) {
  const std::string token = address.substr(address.find("token=") + 6);
  for (const std::string& wrong : {std::string(), token.substr(0, 63), token + "0", std::string(64, '0')})
    EXPECT_EQ(status_of("/?token=" + wrong, {}), 403) << wrong;
  EXPECT_EQ(status_of("/", {}), 403);
  EXPECT_EQ(status_of("/main.js", {}), 403);
  EXPECT_EQ(status_of("/api/video", {}), 403);
  visit(); // none of them used the token up
}

TEST_F(ReviewServer, TheCookieIsNotForScriptsAndOtherSites) {
  visit();
  EXPECT_THAT(set_cookie, HasSubstr("HttpOnly"));
  EXPECT_THAT(set_cookie, HasSubstr("SameSite=Strict"));
  EXPECT_THAT(set_cookie, Not(HasSubstr("Domain")));
}

TEST_F(ReviewServer, DataNeedCookieAndKey) {
  visit();
  EXPECT_EQ(status_of("/api/video", mine()), 200);
  EXPECT_EQ(status_of("/picture/result/3", mine()), 200);
  for (const char* path :
       {"/api/video", "/api/frame/1", "/api/sheet", "/api/person/1", "/picture/result/3", "/api/check"}) {
    EXPECT_EQ(status_of(path, with("X-Deid-Key", "")), 403) << path;
    EXPECT_EQ(status_of(path, with("X-Deid-Key", std::string(64, '0'))), 403) << path;
    EXPECT_EQ(status_of(path, with("Cookie", "")), 403) << path;
    EXPECT_EQ(status_of(path, with("Cookie", "deid-review=" + std::string(64, '0'))), 403) << path;
  }
}

TEST_F(ReviewServer, AnotherHostNameGetsNothing) {
  visit();
  const std::string port = ":" + std::to_string(server.port());
  for (const std::string& host :
       {"evil.example" + port, "localhost" + port, std::string("127.0.0.1"),
        "127.0.0.1" + port + ".evil.example", std::string("127.0.0.1:1"), "[::1]" + port}) {
    const auto headers = with("Host", host);
    EXPECT_EQ(status_of("/api/video", headers), 403) << host;
    EXPECT_EQ(status_of("/", headers), 403) << host;
    EXPECT_EQ(post("/api/undo", "{}", headers), 403) << host;
  }
  EXPECT_THAT(raw("GET /api/video HTTP/1.0\r\nCookie: " + cookie + "\r\nX-Deid-Key: " + key + "\r\n\r\n"),
              HasSubstr(" 403 "));
}

TEST_F(ReviewServer, AnotherOriginGetsNothing) {
  visit();
  for (const std::string& other :
       {std::string("http://evil.example"), std::string("null"), origin + ".evil.example",
        std::string("http://127.0.0.1:1"), "https" + origin.substr(4)}) {
    EXPECT_EQ(status_of("/api/video", with("Origin", other)), 403) << other;
    EXPECT_EQ(post("/api/apply", R"({"kind": "zone"})", with("Origin", other)), 403) << other;
  }
  EXPECT_EQ(post("/api/apply", R"({"kind": "zone"})", with("Origin", "")), 403);
  EXPECT_EQ(post("/api/apply", R"({"kind": "zone"})", with("X-Deid-Key", "")), 403);
  EXPECT_TRUE(desk.session->applied.empty());
  EXPECT_EQ(post("/api/apply", R"({"kind": "zone"})", mine()), 200);
  EXPECT_EQ(desk.session->applied.size(), 1);
}

TEST_F(ReviewServer, APreflightOfAnotherOriginIsRefused) {
  visit();
  const auto answer = client.Options(
      "/api/apply", {{"Origin", "http://evil.example"}, {"Access-Control-Request-Method", "POST"}});
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 405);
  for (const auto& [name, value] : answer->headers)
    EXPECT_THAT(name, Not(HasSubstr("Access-Control")));
  const auto own = client.Get("/api/video", mine());
  ASSERT_TRUE(own);
  EXPECT_FALSE(own->has_header("Access-Control-Allow-Origin"));
}

TEST_F(ReviewServer, EveryAnswerForbidsWhatThePageDoesNotNeed) {
  visit();
  for (const char* path : {"/", "/main.js", "/api/video", "/api/frame/99", "/picture/result/1", "/no/such"}) {
    for (const httplib::Headers& headers : {mine(), httplib::Headers{}}) {
      const auto answer = client.Get(path, headers);
      ASSERT_TRUE(answer) << path;
      const std::string policy = answer->get_header_value("Content-Security-Policy");
      EXPECT_THAT(policy, HasSubstr("default-src 'none'")) << path;
      EXPECT_THAT(policy, HasSubstr("frame-ancestors 'none'")) << path;
      EXPECT_THAT(policy, Not(HasSubstr("unsafe"))) << path;
      EXPECT_THAT(policy, Not(HasSubstr("http"))) << path;
      EXPECT_EQ(answer->get_header_value("X-Content-Type-Options"), "nosniff") << path;
      EXPECT_EQ(answer->get_header_value("Cache-Control"), "no-store") << path;
      EXPECT_EQ(answer->get_header_value("Cross-Origin-Resource-Policy"), "same-origin") << path;
    }
  }
}

TEST_F(ReviewServer, NoPathLeadsToAFile) {
  const deid::test::Scratch scratch;
  deid::test::write(scratch.path() / "secret.txt", "SECRET");
  std::filesystem::create_symlink(scratch.path() / "secret.txt", scratch.path() / "link.js");
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(scratch.path());
  visit();
  const std::string there = scratch.path().string();
  for (const std::string& path :
       {std::string("/secret.txt"), std::string("/link.js"), "/" + there + "/secret.txt",
        there + "/secret.txt", "/.." + there + "/secret.txt", std::string("/../../../../../../etc/passwd"),
        std::string("/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd"), std::string("/..%2f..%2f..%2fetc%2fpasswd"),
        std::string("/main.js/../../../../etc/passwd"), std::string("/main.js%00.txt"),
        std::string("/picture/result/../../secret.txt"), std::string("/picture/result/0/../../../link.js"),
        std::string("/picture/result/-1"), std::string("/picture/result/1e9"),
        std::string("/api/frame/../../secret.txt"), std::string("//etc/passwd"),
        std::string("/\\..\\..\\etc\\passwd"), std::string("/./link.js")}) {
    const std::string answer =
        raw("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(server.port()) +
            "\r\nCookie: " + cookie + "\r\nX-Deid-Key: " + key + "\r\nConnection: close\r\n\r\n");
    EXPECT_THAT(answer, testing::AnyOf(HasSubstr(" 404 "), HasSubstr(" 400 "), HasSubstr(" 403 "))) << path;
    EXPECT_THAT(answer, Not(HasSubstr("SECRET"))) << path;
    EXPECT_THAT(answer, Not(HasSubstr("root:"))) << path;
  }
  std::filesystem::current_path(before);
}

TEST_F(ReviewServer, ABodyOf100MBIsRefusedUnread) {
  visit();
  const std::string head =
      "POST /api/apply HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(server.port()) +
      "\r\nOrigin: " + origin + "\r\nCookie: " + cookie + "\r\nX-Deid-Key: " + key +
      "\r\nContent-Type: application/json\r\nContent-Length: 104857600\r\nConnection: close\r\n\r\n";
  EXPECT_THAT(raw(head + "{\"kind\": \"" + std::string(300'000, 'x')), HasSubstr(" 413 "));
  EXPECT_EQ(post("/api/apply", "{\"kind\": \"" + std::string(400'000, 'x') + "\"}", mine()), 413);
  EXPECT_TRUE(desk.session->applied.empty());
  EXPECT_EQ(status_of("/api/video", mine()), 200);
}

TEST_F(ReviewServer, ABodyThatIsNoChangeIsRefused) {
  visit();
  EXPECT_EQ(post("/api/apply", R"({"kind": "zone"})", mine(), "text/plain"), 415);
  EXPECT_EQ(post("/api/apply", "kind=zone", mine(), "application/x-www-form-urlencoded"), 415);
  for (const std::string& body :
       {std::string("{"), std::string("[1]"), std::string("\"zone\""), std::string("{}"),
        std::string(100'000, '['), "{\"a\":" + std::string(40, '[') + std::string(40, ']') + "}"})
    EXPECT_EQ(post("/api/apply", body, mine()), 400) << body.substr(0, 50);
  EXPECT_EQ(post("/api/apply", R"({"kind": "refuse"})", mine()), 422);
  EXPECT_THAT(last, HasSubstr("This does not fit."));
  EXPECT_TRUE(desk.session->applied.empty());
}

TEST_F(ReviewServer, AScriptInANameStaysText) {
  visit();
  desk.session->name = "</script><img src=x onerror=alert(1)>\xff.mp4";
  const auto answer = client.Get("/api/video", mine());
  ASSERT_TRUE(answer);
  EXPECT_THAT(answer->get_header_value("Content-Type"), HasSubstr("application/json"));
  EXPECT_EQ(Json::parse(answer->body).at("name"), "</script><img src=x onerror=alert(1)>\xEF\xBF\xBD.mp4");
  const auto page = client.Get("/", mine());
  ASSERT_TRUE(page);
  EXPECT_THAT(page->body, Not(HasSubstr("onerror")));
}

TEST_F(ReviewServer, TheOriginalIsHiddenUntilItIsAskedFor) {
  visit();
  EXPECT_EQ(status_of("/picture/original/3", mine()), 403);
  EXPECT_EQ(post("/api/original", R"({"show": true})", mine()), 200);
  const auto answer = client.Get("/picture/original/3?scale=whole", mine());
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->body, "original 3 whole");
  EXPECT_EQ(answer->get_header_value("Content-Type"), "image/jpeg");
  EXPECT_EQ(post("/api/original", R"({"show": false})", mine()), 200);
  EXPECT_EQ(status_of("/picture/original/3", mine()), 403);
}

class ReviewServerWithoutOriginal : public ReviewServer {
protected:
  ReviewServerWithoutOriginal() : ReviewServer({.no_original = true}) {}
};

TEST_F(ReviewServerWithoutOriginal, NothingShowsTheOriginal) {
  visit();
  EXPECT_EQ(post("/api/original", R"({"show": true})", mine()), 403);
  EXPECT_EQ(status_of("/picture/original/3", mine()), 403);
  EXPECT_EQ(status_of("/picture/result/3", mine()), 200);
}

TEST_F(ReviewServer, AVideoThatIsNotOpenYetIsSaidToBe) {
  desk.is_open = false;
  visit();
  EXPECT_EQ(status_of("/api/desk", mine()), 200);
  EXPECT_EQ(status_of("/api/video", mine()), 503);
  EXPECT_EQ(post("/api/undo", "{}", mine()), 503);
  EXPECT_EQ(post("/api/open", R"({"name": "../other.mp4"})", mine()), 422);
}

TEST_F(ReviewServer, ARenderRunsOnceAndItsResultIsShown) {
  visit();
  desk.session->hold = true;
  ASSERT_EQ(post("/api/render", "{}", mine()), 200);
  EXPECT_EQ(post("/api/render", "{}", mine()), 422);
  desk.session->hold = false;
  const auto state = [&] { return Json::parse(client.Get("/api/render", mine())->body); };
  while (state().at("state") == "running")
    usleep(1000);
  EXPECT_EQ(state().at("state"), "done");
  EXPECT_EQ(state().at("result").at("changed_frames"), 3);
  const std::scoped_lock lock(desk.pictures->mutex);
  EXPECT_EQ(desk.pictures->result, "results/rendered.mp4");
}

TEST_F(ReviewServer, ARenderThatIsStoppedLeavesTheResult) {
  visit();
  desk.session->hold = true;
  ASSERT_EQ(post("/api/render", "{}", mine()), 200);
  ASSERT_EQ(post("/api/stop", "{}", mine()), 200);
  while (Json::parse(client.Get("/api/render", mine())->body).at("state") == "running")
    usleep(1000);
  EXPECT_EQ(Json::parse(client.Get("/api/render", mine())->body).at("state"), "stopped");
  const std::scoped_lock lock(desk.pictures->mutex);
  EXPECT_TRUE(desk.pictures->result.empty());
}

TEST(ReviewGate, TwoServersHaveNoSecretInCommon) {
  Gate one(1000), two(1000);
  EXPECT_NE(one.address(), two.address());
  EXPECT_NE(one.set_cookie(), two.set_cookie());
  EXPECT_NE(one.key(), two.key());
  EXPECT_EQ(one.address().find(one.key()), std::string::npos);
}

TEST(ReviewPage, EveryFileThatThePageNamesIsThere) {
  const std::string page(asset("index.html").content);
  EXPECT_THAT(page, HasSubstr("/main.js"));
  for (const char* name : {"base.css", "layout.css", "main.js", "icon.svg"})
    EXPECT_FALSE(asset(name).content.empty()) << name;
  std::vector<std::string> waiting{"main.js"}, seen;
  while (!waiting.empty()) {
    const std::string name = waiting.back();
    waiting.pop_back();
    if (testing::Value(seen, testing::Contains(name)))
      continue;
    seen.push_back(name);
    const std::string text(asset(name).content);
    EXPECT_FALSE(text.empty()) << name;
    EXPECT_THAT(text, Not(HasSubstr("innerHTML"))) << name;
    for (std::size_t at = 0; (at = text.find("from \"./", at)) != std::string::npos; ++at)
      waiting.push_back(value_after(text.substr(at), "from \"./", '"'));
  }
  EXPECT_GT(seen.size(), 10);
}

TEST(ReviewPage, NothingIsLoadedFromElsewhere) {
  for (const char* name : {"index.html", "base.css", "layout.css"}) {
    EXPECT_THAT(std::string(asset(name).content), Not(HasSubstr("http:"))) << name;
    EXPECT_THAT(std::string(asset(name).content), Not(HasSubstr("https:"))) << name;
    EXPECT_THAT(std::string(asset(name).content), Not(HasSubstr("@import"))) << name;
  }
}

} // namespace
} // namespace deid::review::page::test
