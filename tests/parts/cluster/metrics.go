package main

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
)

const (
	metricsVersion = "external.metrics.k8s.io/v1beta1"
	// The ConfigMap in each namespace whose keys are metrics, and whose values are quantities.
	metricsConfigMap = "external-metrics"
)

type object map[string]any

// metrics ADDRESS CERTIFICATE KEY KUBECONFIG is an aggregated API of external metrics, so that autoscalers really scale.
// What a metric measures stands in a ConfigMap, so that a test sets it as it does everything else: through the API.
func metrics(args []string) int {
	if len(args) != 4 {
		return failed("serve metrics", errors.New("it takes an address, a certificate, a key and a kubeconfig"))
	}
	config, err := clientcmd.BuildConfigFromFlags("", args[3])
	if err != nil {
		return failed("read "+args[3], err)
	}
	config.QPS = -1
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return failed("make a client", err)
	}
	server := http.Server{
		Addr:              args[0],
		ReadHeaderTimeout: 10 * time.Second,
		Handler:           http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { metric(w, r, client) }),
	}
	return failed("serve", server.ListenAndServeTLS(args[1], args[2]))
}

func metric(w http.ResponseWriter, r *http.Request, client kubernetes.Interface) {
	path := strings.Split(strings.Trim(strings.TrimPrefix(r.URL.Path, "/apis/"+metricsVersion), "/"), "/")
	switch {
	case r.URL.Path == "/apis/"+metricsVersion:
		resource := object{"name": "*", "namespaced": true, "kind": "ExternalMetricValueList", "verbs": []string{"get"}}
		answer(w, http.StatusOK, object{
			"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": metricsVersion, "resources": []object{resource},
		})
	case len(path) == 3 && path[0] == "namespaces":
		values(w, r, client, path[1], path[2])
	default:
		answer(w, http.StatusNotFound, refusal(http.StatusNotFound, "there is no "+r.URL.Path))
	}
}

func values(w http.ResponseWriter, r *http.Request, client kubernetes.Interface, namespace, name string) {
	ctx, cancel := context.WithTimeout(r.Context(), 5*time.Second)
	defer cancel()
	set, err := client.CoreV1().ConfigMaps(namespace).Get(ctx, metricsConfigMap, metav1.GetOptions{})
	if err != nil {
		answer(w, http.StatusServiceUnavailable, refusal(http.StatusServiceUnavailable, err.Error()))
		return
	}
	items := []object{}
	if value, known := set.Data[name]; known {
		now := time.Now().UTC().Format(time.RFC3339)
		items = append(items, object{"metricName": name, "metricLabels": object{}, "timestamp": now, "value": value})
	}
	answer(w, http.StatusOK, object{
		"kind": "ExternalMetricValueList", "apiVersion": metricsVersion, "metadata": object{}, "items": items,
	})
}

func refusal(code int, message string) object {
	return object{"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": code, "message": message}
}

func answer(w http.ResponseWriter, code int, body object) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	// A client that is gone hears nothing.
	_ = json.NewEncoder(w).Encode(body)
}
