#include "pipelines/deid/media/provenance.hpp"
#include "pipelines/deid/failure.hpp"
#include <algorithm>
#include <array>
#include <fstream>
#include <regex>
#include <set>
#include <string_view>

namespace deid::cli {
namespace {
using namespace std::string_view_literals;

constexpr std::size_t piece = 1 << 20; ///< bytes per read
constexpr std::size_t reach = 512;     ///< most bytes from the beginning of a mark to its end

struct Signature {
  std::string_view bytes, means;
};

/// The type fields of boxes with C2PA's identifiers. They are too long to occur by chance.
constexpr std::array<Signature, 3> signatures{{
    {"jumd\x63\x32\x70\x61\x00\x11\x00\x10\x80\x00\x00\xaa\x00\x38\x9b\x71"sv, "C2PA manifest"},
    {"uuid\xd8\xfe\xc3\xd6\x1b\x0e\x48\x3c\x92\x97\x58\x28\x87\x7e\xc4\x81"sv, "C2PA manifest"},
    {"dcterms:provenance"sv, "link to a C2PA manifest"},
}};

/// http://cv.iptc.org/newscodes/digitalsourcetype/
constexpr std::array terms{"algorithmicMedia"sv,
                           "algorithmicallyEnhanced"sv,
                           "composite"sv,
                           "compositeCapture"sv,
                           "compositeSynthetic"sv,
                           "compositeWithTrainedAlgorithmicMedia"sv,
                           "computationalCapture"sv,
                           "dataDrivenMedia"sv,
                           "digitalArt"sv,
                           "digitalCapture"sv,
                           "digitalCreation"sv,
                           "humanEdits"sv,
                           "minorHumanEdits"sv,
                           "negativeFilm"sv,
                           "positiveFilm"sv,
                           "print"sv,
                           "screenCapture"sv,
                           "softwareImage"sv,
                           "trainedAlgorithmicMedia"sv,
                           "virtualRecording"sv};

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// The term after the word "digitalsourcetype" at the beginning of `text`: as a property of XMP (attribute,
/// element, resource) or at the end of the term's address. Empty when there is none.
std::string term_of(std::string_view text) {
  static const std::regex form(R"(^digitalsourcetype(?:\s*=\s*["']|\s*>\s*|\s+rdf:resource\s*=\s*["']|[/:]))"
                               R"((?:https?://cv\.iptc\.org/newscodes/digitalsourcetype/)?([a-z]+))",
                               std::regex::icase | std::regex::optimize);
  std::match_results<std::string_view::const_iterator> match;
  if (!std::regex_search(text.begin(), text.end(), match, form))
    return "";
  const std::string_view found(match[1].first, match[1].second);
  const auto known = std::ranges::find_if(
      terms, [&](std::string_view term) { return std::ranges::equal(term, found, {}, lower, lower); });
  return known != terms.end() ? std::string(*known) : "a term that is not in IPTC's vocabulary";
}

/// Adds the marks that begin in the first `begin` bytes of `text`.
void look(std::string_view text, std::size_t begin, std::set<std::string>& marks) {
  for (const auto& [bytes, means] : signatures)
    if (const auto at = text.find(bytes); at < begin)
      marks.emplace(means);
  constexpr auto word = "digitalsourcetype"sv;
  const auto same = [](char a, char b) { return lower(a) == b; };
  for (auto at = text.begin();; ++at) {
    at = std::search(at, text.end(), word.begin(), word.end(), same);
    if (at == text.end() || at - text.begin() >= static_cast<std::ptrdiff_t>(begin))
      return;
    const auto place = static_cast<std::size_t>(at - text.begin());
    if (const std::string term = term_of(text.substr(place, reach)); !term.empty())
      marks.insert("IPTC digital source type: " + term);
  }
}

} // namespace

std::vector<std::string> provenance_marks(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::set<std::string> marks;
  std::string text(piece + reach, '\0');
  std::size_t kept = 0; // of the last piece: a mark may lie across the border
  while (in) {
    in.read(text.data() + kept, static_cast<std::streamsize>(piece));
    const std::size_t size = kept + static_cast<std::size_t>(in.gcount());
    const std::size_t begin = in ? size - std::min(size, reach) : size;
    look(std::string_view(text).substr(0, size), begin, marks);
    kept = size - begin;
    std::copy_n(text.begin() + static_cast<std::ptrdiff_t>(begin), kept, text.begin());
  }
  if (!in.eof())
    throw Failure(file.string() + ": cannot be read.");
  return {marks.begin(), marks.end()};
}

} // namespace deid::cli
