#pragma once
#include <opencv2/core.hpp>
#include <vector>

namespace deid::statistics {

struct TsneRule {
  double perplexity = 30; ///< at most (n - 1) / 3 is used
  int iterations = 1000;  ///< the first 250 exaggerate 12 times
};

struct Tsne {
  std::vector<cv::Point2d> points{};
  double kl = 0;         ///< Kullback-Leibler divergence reached [nats]
  double perplexity = 0; ///< used
};

/// Exact t-SNE (van der Maaten and Hinton 2008) with scikit-learn's settings method="exact", init="pca",
/// learning_rate="auto". It is deterministic. rows: n x d CV_64F, n >= 4. It holds n^2 numbers and takes
/// about 10 s for 1000 rows. Throws std::invalid_argument on fewer rows and on another type.
Tsne tsne(const cv::Mat& rows, const TsneRule& rule = {});

/// Trustworthiness (Venna and Kaski 2001): share of neighbourhoods of k points that are kept; 1 is best. Rows
/// at equal distance share the best rank. Requires: k < n / 2.
double trustworthiness(const cv::Mat& rows, const std::vector<cv::Point2d>& points, int k = 5);

} // namespace deid::statistics
