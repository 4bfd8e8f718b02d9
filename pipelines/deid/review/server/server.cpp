#include "pipelines/deid/review/server/server.hpp"
#include "pipelines/deid/review/server/assets.hpp"
#include "pipelines/deid/review/server/gate.hpp"
#include "pipelines/deid/review/server/job.hpp"
#include <charconv>
#include <httplib.h>
#include <stdexcept>
#include <thread>

namespace deid::review::page {
namespace {

using httplib::Request;
using httplib::Response;

/// The longest body of a request [byte]. A change is a few hundred.
constexpr std::size_t most_body = 1U << 18U;
/// The deepest JSON value in a body.
constexpr int most_depth = 8;
/// Requests that are answered at once. A browser keeps six connections; a waiting picture holds one.
constexpr std::size_t threads = 16;

constexpr const char* json_type = "application/json; charset=utf-8";
constexpr const char* policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";

httplib::Headers headers() {
  return {{"Content-Security-Policy", policy},
          {"X-Content-Type-Options", "nosniff"},
          {"X-Frame-Options", "DENY"},
          {"Referrer-Policy", "no-referrer"},
          {"Cross-Origin-Resource-Policy", "same-origin"},
          {"Cross-Origin-Opener-Policy", "same-origin"},
          {"Permissions-Policy", "camera=(), microphone=(), geolocation=()"},
          {"Cache-Control", "no-store"}};
}

/// Bytes of a file name that are no UTF-8 are shown as replacement characters.
void say(Response& response, const Json& value) {
  response.set_content(value.dump(-1, ' ', false, Json::error_handler_t::replace), json_type);
}

void refuse(Response& response, int status, const std::string& sentence) {
  response.status = status;
  say(response, {{"error", sentence}});
}

/// A request that gets a sentence and not what it asks for.
class Refusal : public std::runtime_error {
public:
  Refusal(int given, const std::string& sentence) : std::runtime_error(sentence), status(given) {}
  int status; ///< of HTTP
};

Asker asker_of(const Request& request) {
  return {.host = request.get_header_value("Host"),
          .origin = request.get_header_value("Origin"),
          .site = request.get_header_value("Sec-Fetch-Site"),
          .cookie = request.get_header_value("Cookie"),
          .key = request.get_header_value("X-Deid-Key"),
          .changes = request.method == "POST"};
}

Json body_of(const Request& request) {
  if (!request.get_header_value("Content-Type").starts_with("application/json"))
    throw Refusal(415, "A change is JSON (Content-Type: application/json).");
  bool deep = false;
  const auto shallow = [&](int depth, Json::parse_event_t, const Json&) {
    deep = deep || depth > most_depth;
    return !deep;
  };
  Json value = Json::parse(request.body, shallow, false);
  if (deep || !value.is_object())
    throw Refusal(400, "The change is no JSON object of the form that docs/review.md describes.");
  return value;
}

/// A frame's number in a path. The route lets digits through only.
int number_of(const std::string& text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size())
    throw Refusal(404, "There is no such number.");
  return number;
}

} // namespace

struct Server::Impl {
  Desk& desk;
  const ServerOptions options;
  httplib::Server http{};
  int port_ = 0;
  std::unique_ptr<Gate> gate{};
  std::atomic<bool> original{false};                             ///< a person asked to see the original
  std::atomic<bool> begun{false}, stopping{false}, ended{false}; ///< of run()
  RenderJob job{};

  Impl(Desk& shown, const ServerOptions& given) : desk(shown), options(given) {
    http.new_task_queue = [] { return new httplib::ThreadPool(threads); };
    http.set_payload_max_length(most_body);
    http.set_keep_alive_max_count(10'000);
    http.set_read_timeout(10);
    http.set_tcp_nodelay(true);
    http.set_default_headers(headers());
    http.set_pre_routing_handler([this](const Request& q, Response& r) { return admit(q, r); });
    http.set_exception_handler(
        [](const Request&, Response& r, const std::exception_ptr& thrown) { explain(r, thrown); });
    http.set_error_handler([](const Request&, Response& r) {
      if (r.body.empty())
        refuse(r, r.status, r.status == 413 ? "The request is too long." : "There is nothing here.");
    });
    add_reading();
    add_changing();
    port_ = http.bind_to_any_port("127.0.0.1");
    if (port_ <= 0)
      throw UserError("No port of 127.0.0.1 is free for the page.");
    gate = std::make_unique<Gate>(port_);
  }

  /// Runs an answer, and turns its errors into one.
  static void explain(Response& response, const std::exception_ptr& thrown) {
    try {
      std::rethrow_exception(thrown);
    } catch (const Refusal& e) {
      refuse(response, e.status, e.what());
    } catch (const UserError& e) {
      refuse(response, 422, e.what());
    } catch (const Json::exception&) {
      refuse(response, 400, "The change has not the form that docs/review.md describes.");
    } catch (const std::exception& e) {
      refuse(response, 500, e.what());
    }
  }

  /// Stands before every answer, and before the body of a request is read.
  httplib::Server::HandlerResponse admit(const Request& request, Response& response) {
    const Asker asker = asker_of(request);
    const bool reads = request.method == "GET" || request.method == "HEAD";
    if (!reads && request.method != "POST")
      return turn_away(response, 405, "Only GET and POST are answered.");
    if (const std::string why = gate->refuses(asker); !why.empty())
      return turn_away(response, 403, why);
    if (request.path == "/" && request.has_param("token"))
      return first_visit(request, response, asker);
    if (!gate->has_cookie(asker))
      return turn_away(response, 403, "The address of this page works once. Start deid review again.");
    const bool file = request.path == "/" || !asset(request.path.substr(1)).content.empty();
    if (!file && !gate->has_key(asker))
      return turn_away(response, 403, "This window has no key. Use the window that deid review opened.");
    return httplib::Server::HandlerResponse::Unhandled;
  }

  static httplib::Server::HandlerResponse turn_away(Response& response, int status, const std::string& why) {
    refuse(response, status, why);
    response.set_header("Connection", "close");
    return httplib::Server::HandlerResponse::Handled;
  }

  httplib::Server::HandlerResponse first_visit(const Request& request, Response& response,
                                               const Asker& asker) {
    const bool first = gate->redeem(request.get_param_value("token"));
    if (!first && !gate->has_cookie(asker))
      return turn_away(response, 403, "The address of this page works once. Start deid review again.");
    if (first)
      response.set_header("Set-Cookie", gate->set_cookie());
    give_page(response, first ? gate->key() : "");
    return httplib::Server::HandlerResponse::Handled;
  }

  /// The page's one line that differs from visit to visit.
  static void give_page(Response& response, const std::string& key) {
    const Asset page = asset("index.html");
    std::string text(page.content);
    constexpr std::string_view place = "content=\"KEY\"";
    text.replace(text.find(place), place.size(), "content=\"" + key + "\"");
    response.set_content(text, std::string(page.type));
    response.status = 200;
  }

  std::shared_ptr<Opened> opened() const {
    std::shared_ptr<Opened> video = desk.opened();
    if (!video)
      throw Refusal(503, "No video is open yet.");
    return video;
  }

  /// An answer that is a value of the open video.
  void get(const std::string& path, Json (Session::*what)() const) {
    http.Get("/api/" + path,
             [this, what](const Request&, Response& r) { say(r, ((*opened()->session).*what)()); });
  }

  void add_reading() {
    http.Get("/", [](const Request&, Response& r) { give_page(r, ""); });
    http.Get(R"(/([a-z_]+\.(?:js|css|svg)))", [](const Request& q, Response& r) {
      const Asset file = asset(q.matches[1].str());
      if (file.content.empty())
        throw Refusal(404, "There is nothing here.");
      r.set_content(std::string(file.content), std::string(file.type));
    });
    http.Get("/api/desk", [this](const Request&, Response& r) {
      Json status = desk.status();
      status["original"] = options.no_original ? "never" : original ? "shown" : "hidden";
      say(r, status);
    });
    http.Get("/api/batch", [this](const Request&, Response& r) { say(r, desk.batch()); });
    get("video", &Session::video);
    get("moments", &Session::moments);
    get("sheet", &Session::sheet);
    get("timeline", &Session::timeline);
    get("state", &Session::state);
    get("check", &Session::check);
    http.Get("/api/pictures",
             [this](const Request&, Response& r) { say(r, opened()->pictures->progress()); });
    http.Get("/api/render", [this](const Request&, Response& r) { say(r, job.status()); });
    http.Get(R"(/api/frame/(\d{1,9}))", [this](const Request& q, Response& r) {
      say(r, opened()->session->frame(number_of(q.matches[1].str())));
    });
    http.Get(R"(/api/person/(\d{1,9}))", [this](const Request& q, Response& r) {
      say(r, opened()->session->person_sheet(number_of(q.matches[1].str())));
    });
    http.Get(R"(/picture/(original|result)/(\d{1,9}))",
             [this](const Request& q, Response& r) { give_picture(q, r); });
  }

  void give_picture(const Request& q, Response& r) {
    const Side side = q.matches[1].str() == "original" ? Side::original : Side::result;
    if (side == Side::original && (options.no_original || !original))
      throw Refusal(403, options.no_original ? "This review shows no picture of the original."
                                             : "Nobody asked to see the original yet.");
    const bool whole = q.get_param_value("scale") == "whole";
    r.set_content(opened()->pictures->picture(side, number_of(q.matches[2].str()), whole), "image/jpeg");
  }

  /// A change of the open video. change: what it answers.
  void post(const std::string& path, std::function<Json(const Json&)> change) {
    http.Post("/api/" + path,
              [answer = std::move(change)](const Request& q, Response& r) { say(r, answer(body_of(q))); });
  }

  void add_changing() {
    post("apply", [this](const Json& operation) { return opened()->session->apply(operation); });
    post("undo", [this](const Json&) { return opened()->session->undo(); });
    post("redo", [this](const Json&) { return opened()->session->redo(); });
    post("sign", [this](const Json& who) { return opened()->session->sign(who); });
    post("render", [this](const Json&) {
      job.start(opened());
      return job.status();
    });
    post("stop", [this](const Json&) {
      job.stop();
      return job.status();
    });
    post("open", [this](const Json& which) {
      if (job.status().at("state") == "running")
        throw UserError("A render is running; wait for its end, or stop it.");
      desk.open(which.at("name").get<std::string>());
      return desk.status();
    });
    post("original", [this](const Json& wish) {
      const bool show = wish.at("show").get<bool>();
      if (show && options.no_original)
        throw Refusal(403, "This review shows no picture of the original.");
      original = show;
      return Json{{"original", show ? "shown" : "hidden"}};
    });
  }
};

Server::Server(Desk& desk, const ServerOptions& options) : impl_(std::make_unique<Impl>(desk, options)) {}

Server::~Server() {
  stop();
}

std::string Server::address() const {
  return impl_->gate->address();
}

int Server::port() const {
  return impl_->port_;
}

void Server::run() {
  impl_->begun = true;
  if (!impl_->stopping)
    impl_->http.listen_after_bind();
  impl_->ended = true;
}

void Server::stop() {
  impl_->stopping = true;
  while (impl_->begun && !impl_->ended &&
         !impl_->http.is_running()) // stop() of a server that only begins does nothing
    std::this_thread::yield();
  impl_->http.stop();
}

} // namespace deid::review::page
