package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"

	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/clientcmd/api"
)

// An identity is a certificate with its key, as PEM too.
type identity struct {
	certificate    *x509.Certificate
	key            *ecdsa.PrivateKey
	certificatePEM []byte
	keyPEM         []byte
}

// A person or program that gets a certificate.
type subject struct {
	file, name, group string
	// Servers are reached on loopback and by the names; without any it is a client.
	names []string
}

var subjects = []subject{
	{file: "apiserver", name: "kube-apiserver", names: []string{"localhost", "kubernetes", "kubernetes.default.svc"}},
	{file: "kubelet", name: "kwok", names: []string{"localhost"}},
	{file: "metrics-server", name: "metrics", names: []string{"external-metrics.kube-system.svc"}},
	{file: "kubelet-client", name: "kube-apiserver-kubelet-client", group: "system:masters"},
	{file: "admin", name: "admin", group: "system:masters"},
	{file: "kwok", name: "kwok", group: "system:masters"},
	{file: "metrics", name: "metrics", group: "system:masters"},
	{file: "kube-controller-manager", name: "system:kube-controller-manager"},
	{file: "kube-scheduler", name: "system:kube-scheduler"},
}

// Who gets a kubeconfig.
var clients = []string{"admin", "kwok", "metrics", "kube-controller-manager", "kube-scheduler"}

// pki FOLDER SERVER writes an authority, the certificates of all servers and clients, the keys of service accounts, and
// a kubeconfig, whole in itself, for each client of SERVER.
func pki(args []string) int {
	if len(args) != 2 {
		return failed("make certificates", errors.New("it takes a folder and the URL of the API server"))
	}
	if err := certificates(args[0], args[1]); err != nil {
		return failed("make certificates in "+args[0], err)
	}
	return 0
}

func certificates(folder, server string) error {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	authority, err := issued(folder, "ca", template("loopback-cluster"), nil)
	if err != nil {
		return err
	}
	proxies, err := issued(folder, "front-proxy-ca", template("loopback-front-proxies"), nil)
	if err != nil {
		return err
	}
	if _, err := issued(folder, "front-proxy", template("front-proxy-client"), proxies); err != nil {
		return err
	}
	made := map[string]*identity{}
	for _, subject := range subjects {
		wanted := template(subject.name)
		if subject.group != "" {
			wanted.Subject.Organization = []string{subject.group}
		}
		if subject.names != nil {
			wanted.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
			wanted.DNSNames = subject.names
			wanted.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1), net.IPv4(10, 96, 0, 1)}
		}
		if made[subject.file], err = issued(folder, subject.file, wanted, authority); err != nil {
			return err
		}
	}
	for _, client := range clients {
		file := filepath.Join(folder, client+".kubeconfig")
		if err := clientcmd.WriteToFile(kubeconfig(server, authority, made[client]), file); err != nil {
			return err
		}
	}
	return serviceAccountKeys(folder)
}

func template(name string) *x509.Certificate {
	// The clocks of a machine jump a little.
	from := time.Now().Add(-time.Hour)
	return &x509.Certificate{
		Subject:     pkix.Name{CommonName: name},
		NotBefore:   from,
		NotAfter:    from.AddDate(1, 0, 0),
		KeyUsage:    x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
}

// issued writes NAME.crt and NAME.key, signed by the authority, or by itself as an authority when there is none.
func issued(folder, name string, wanted *x509.Certificate, authority *identity) (*identity, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	if wanted.SerialNumber, err = rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120)); err != nil {
		return nil, err
	}
	parent, signer := wanted, key
	if authority == nil {
		wanted.IsCA, wanted.BasicConstraintsValid, wanted.ExtKeyUsage = true, true, nil
		wanted.KeyUsage |= x509.KeyUsageCertSign | x509.KeyUsageCRLSign
	} else {
		parent, signer = authority.certificate, authority.key
	}
	der, err := x509.CreateCertificate(rand.Reader, wanted, parent, &key.PublicKey, signer)
	if err != nil {
		return nil, err
	}
	made := identity{key: key, certificatePEM: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})}
	if made.certificate, err = x509.ParseCertificate(der); err != nil {
		return nil, err
	}
	if made.keyPEM, err = keyPEM(key); err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(folder, name+".crt"), made.certificatePEM, 0o644); err != nil {
		return nil, err
	}
	return &made, os.WriteFile(filepath.Join(folder, name+".key"), made.keyPEM, 0o600)
}

func keyPEM(key *ecdsa.PrivateKey) ([]byte, error) {
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der}), nil
}

// serviceAccountKeys writes what tokens are signed with and what they are checked against.
func serviceAccountKeys(folder string) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	private, err := keyPEM(key)
	if err != nil {
		return err
	}
	der, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		return err
	}
	public := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	if err := os.WriteFile(filepath.Join(folder, "service-accounts.pub"), public, 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, "service-accounts.key"), private, 0o600)
}

func kubeconfig(server string, authority, client *identity) api.Config {
	name := client.certificate.Subject.CommonName
	config := *api.NewConfig()
	config.Clusters["loopback"] = &api.Cluster{Server: server, CertificateAuthorityData: authority.certificatePEM}
	config.AuthInfos[name] = &api.AuthInfo{ClientCertificateData: client.certificatePEM, ClientKeyData: client.keyPEM}
	config.Contexts[name] = &api.Context{Cluster: "loopback", AuthInfo: name}
	config.CurrentContext = name
	return config
}
