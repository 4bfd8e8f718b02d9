#pragma once
#include <opencv2/core.hpp>
#include <vector>

namespace deid::evaluate {

struct TsneRule {
  double perplexity = 30; ///< made no more than (n - 1) / 3
  int iterations = 1000;  ///< of which the first 250 exaggerate 12 times
};

struct Tsne {
  std::vector<cv::Point2d> points{};
  double kl = 0;         ///< Kullback-Leibler divergence reached [nats]
  double perplexity = 0; ///< used
};

/// Exact t-SNE (van der Maaten and Hinton 2008) with the habits of scikit-learn's method="exact", init="pca",
/// learning_rate="auto": no chance in it, the same rows give the same points. rows: n x d CV_64F, n >= 4, n^2
/// numbers are held. About 10 s for 1000 rows. Throws std::invalid_argument on fewer rows or another type.
Tsne tsne(const cv::Mat& rows, const TsneRule& rule = {});

/// Share of neighbourhoods kept (Venna and Kaski 2001), k neighbours, 1 is best; rows equally
/// far share the best rank. Requires k < n / 2.
double trustworthiness(const cv::Mat& rows, const std::vector<cv::Point2d>& points, int k = 5);

} // namespace deid::evaluate
